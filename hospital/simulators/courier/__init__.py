"""A courier company: waybills, tracking and signed news of a parcel."""
