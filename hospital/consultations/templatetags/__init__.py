"""Words of the consultations for templates."""
