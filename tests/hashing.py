"""Passwords of the tests: the platform's own way of hashing, at next to no cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Cheap(Argon2PasswordHasher):
    """Everybody who works here has a password; a whole run would hash for a quarter of an hour."""

    time_cost, memory_cost, parallelism = 1, 8, 1
