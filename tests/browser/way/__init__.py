"""The way of one follow-up in real browsers: the hands of a patient, a doctor, a pharmacist.

Nobody here uses a door that a person could not: they type, click, upload and read pages.
"""
