"""The management back office: Django's admin over every room, dashboards, reviews.

For managers. Doors only: it owns no table, and what it changes it changes through services.
"""
