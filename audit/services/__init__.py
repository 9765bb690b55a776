"""Writes the trail."""

from audit.services.recording import note_failure, record, witness

__all__ = ["note_failure", "record", "witness"]
