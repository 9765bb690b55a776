"""How fast the patient's record is filled, opened and leafed through, for `bin/bench records`."""
