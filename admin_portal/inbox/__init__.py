"""线上电子流: everything that waits for this person's decision, oldest first, its papers beside it.

`frame` says what a kind of request tells of itself; `registered` names every kind there is. A new
kind is one file here, a line in `registered`, and rows for its doors.
"""
