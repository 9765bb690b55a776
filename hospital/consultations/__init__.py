"""问诊: finding a doctor, ordering a follow-up or advice, the live chat, ending it, rating it.

For patients and doctors. Whether somebody may be seen online is decided here by rule.
"""
