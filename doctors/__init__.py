"""Doctors and pharmacists: departments, credentials, privileges, services offered, duty.

For patients who look for a doctor, for doctors who set up their work, for medical affairs.
"""
