"""Starts the whole platform on one machine: a private PostgreSQL and Redis for whoever has none,
then web, worker, beat and simulators under one supervisor. Used by `bin/`, never by the apps.
"""
