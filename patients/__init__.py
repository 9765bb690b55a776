"""电子建档: who the patients are, who may act for them, what they agreed to, their health record.

For patients and their families; for clinicians through `register_readers`; reading is audited.
"""
