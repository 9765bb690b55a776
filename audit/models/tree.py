"""The trail as a Merkle tree: its leaves, inner hashes and signed heads. Only ever added to.

The auditor adds and reads; the runtime role may neither.
"""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models.events import Event
from audit.proofs import merkle

_ONLY_ADDED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Leaf(models.Model):
    """Where in the tree one event stands, and the hash of its text (`audit.proofs.leaves`).

    Without a foreign key in the database: an event that is gone must still be missed here.
    """

    position = models.BigIntegerField(primary_key=True)  # from 0, without gaps
    event = models.OneToOneField(Event, models.DO_NOTHING, db_constraint=False, related_name="leaf")
    hash = models.BinaryField(max_length=merkle.HASH_BYTES)

    class Meta:
        verbose_name = _("审计叶子")
        verbose_name_plural = _("审计叶子")
        triggers = [_ONLY_ADDED]

    def __str__(self) -> str:
        return f"{self.position}: {self.event_id}"


class Node(models.Model):
    """The hash over a complete subtree; of every eighth level only, the others are a short sum."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()  # 8, 16 …: over 2^level leaves
    index = models.BigIntegerField()  # from 0, within the level
    hash = models.BinaryField(max_length=merkle.HASH_BYTES)

    class Meta:
        verbose_name = _("审计节点")
        verbose_name_plural = _("审计节点")
        triggers = [_ONLY_ADDED]
        constraints = [
            models.CheckConstraint(
                name="node_of_a_kept_level", condition=Q(level__in=[8, 16, 24, 32, 40, 48])
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Head(models.Model):
    """One signed root: what the hospital said of its trail at one moment.

    `xid` and `event` are the last event in it: what is sealed next comes after `(xid, event)`.
    Transactions of a restored database begin to count again; there `since` is the last event from
    before, and what comes later is ordered by itself.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hospital = models.CharField(max_length=128)
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=merkle.HASH_BYTES)
    algorithm = models.CharField(max_length=8)
    at = models.DateTimeField()
    key = models.CharField(max_length=16)  # id of the public key
    signature = models.CharField(max_length=128)  # base64, over the head's canonical text
    xid = models.BigIntegerField()
    event = models.BigIntegerField()
    since = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("审计树头")
        verbose_name_plural = _("审计树头")
        triggers = [_ONLY_ADDED]
        constraints = [
            models.CheckConstraint(name="head_has_leaves", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="head_algorithm", condition=Q(algorithm__in=merkle.ALGORITHMS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size}: {self.key}"
