"""Messages to people: the inbox inside the platform, and texts to their phones.

Knows a person only as `settings.AUTH_USER_MODEL`; low rooms send through it, high rooms too.
"""
