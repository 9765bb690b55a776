"""The trail and its outbox, the tree it is sealed in, and what is watched over it."""

from audit.models.alarms import Alarm, Stranger, Watch
from audit.models.events import Event, Pending
from audit.models.tree import Head, Leaf, Node

__all__ = ["Alarm", "Event", "Head", "Leaf", "Node", "Pending", "Stranger", "Watch"]
