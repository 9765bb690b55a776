"""The demonstration hospital: a marked cast and world, and a journey through a running platform.

For whoever tries the platform out. Never installed in production.
"""
