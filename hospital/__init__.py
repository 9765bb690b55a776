"""The hospital itself: one Django project whose apps are its rooms.

`docs/map.md` shows the rooms and the one direction in which they may import each other.
"""
