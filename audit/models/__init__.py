"""The trail and its outbox."""

from audit.models.events import Event, Pending

__all__ = ["Event", "Pending"]
