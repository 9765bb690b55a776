"""Who did what, provably: the trail, and the feeds that carry its news upward.

For inspectors, and for every room that has something to say to a room above it.
"""
