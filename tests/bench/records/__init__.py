"""`bin/bench records`: how fast the patient's record is filled, opened and leafed through."""
