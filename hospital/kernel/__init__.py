"""The bottom of the house: refusals, rules, lifecycles, time, money, encryption, doors.

For every room. It knows no room, and has no models.
"""
