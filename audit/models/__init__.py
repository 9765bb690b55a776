"""The trail, its outbox and its tree."""

from audit.models.events import Event, Pending
from audit.models.tree import Head, Leaf, Node

__all__ = ["Event", "Head", "Leaf", "Node", "Pending"]
