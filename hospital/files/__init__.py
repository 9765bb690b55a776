"""Private files: pictures re-encoded, documents kept as they are, both sealed at rest.

For every room that takes uploads; who may read a file is asked of the room it belongs to.
"""
