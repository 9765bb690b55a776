"""Who somebody is, what they may do, and until when: accounts, roles, sign-in, sessions.

For everyone. Patients sign in by phone and code, staff by password and second factor.
"""
