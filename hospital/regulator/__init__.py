"""监管: every step of every visit, uploaded to the supervision platform, in order, acknowledged.

For the supervision platform, and for IT who watch that it got everything.
"""
