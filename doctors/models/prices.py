"""The modules that doctors offer, and what the hospital asks for each."""

import uuid
from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.lifecycle import PRICE, PriceState
from doctors.models.people import Title
from hospital.kernel import guards
from hospital.kernel.lifecycle import Face
from hospital.kernel.sentences import in_english


class Module(models.TextChoices):
    """What a doctor turns on or off (由医生自行设定)."""

    FOLLOWUP = "followup", _("复诊")
    ADVICE = "advice", _("图文咨询")
    REVISIT = "revisit", _("复诊预约")
    PRESCRIBING = "prescribing", _("开方")


PRICED = (Module.FOLLOWUP, Module.ADVICE, Module.REVISIT)  # what a price list can name
PAID = (Module.FOLLOWUP, Module.ADVICE)  # what cannot be offered without a price
_TAKEN_OVER = "OLD-"  # prices from before there was a list; nobody proposed those
_PROPOSED = (
    "public_id",
    "code",
    "kind",
    "titles",
    "name",
    "name_en",
    "price_fen",
    "starts_on",
    "proposed_by_id",
    "proposed_at",
)

# Who may make triggers owns the tables: a migration, which takes over what stood before.
_NEVER_BACKDATED = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' AND NOT (
            NEW.proposed_by_id IS NULL AND has_table_privilege(TG_RELID, 'TRIGGER'))
        THEN RAISE EXCEPTION 'a price begins as a proposal'; END IF;
    ELSIF NEW.state = 'published'
        AND NEW.starts_on < (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date
    THEN RAISE EXCEPTION 'a price is published before it begins';
    ELSIF NEW.state = 'ended'
        AND NEW.ends_on < (NEW.ended_at AT TIME ZONE 'Asia/Shanghai')::date
    THEN RAISE EXCEPTION 'a price does not end in the past';
    END IF;
    RETURN NEW;
"""


class Price(models.Model):
    """One line of the published price list, from one day on (R-27).

    The line in force on a day is the newest of its code that has begun. A published line never
    changes: another price is another row. Orders keep the price they were placed at.
    """

    HIGHEST_FEN: ClassVar = 100_000

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=24)
    kind = models.CharField(max_length=16)  # followup | advice | revisit
    titles: Any = ArrayField(models.CharField(max_length=24, choices=Title), default=list)
    name = models.CharField(max_length=64)
    name_en = models.CharField(max_length=96)
    price_fen = models.IntegerField()
    starts_on = models.DateField()
    state = models.CharField(max_length=12, choices=PriceState, default=PriceState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)  # the first day on which it is asked no more
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)  # refused, or asked no more

    class Meta:
        verbose_name = _("价目")
        verbose_name_plural = _("价目")
        ordering = ("kind", "code", "starts_on")
        constraints = [
            models.CheckConstraint(name="price_state", condition=Q(state__in=PriceState.values)),
            models.CheckConstraint(name="price_kind", condition=Q(kind__in=PRICED)),
            models.CheckConstraint(
                name="price_bounds", condition=Q(price_fen__gte=0, price_fen__lte=100_000)
            ),
            models.CheckConstraint(
                name="price_by_two",
                condition=Q(proposed_by=None, decided_by=None, code__startswith=_TAKEN_OVER)
                | Q(proposed_by__isnull=False)
                & (
                    ~Q(state__in=[PriceState.PUBLISHED, PriceState.ENDED])
                    | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))
                ),
            ),
            models.CheckConstraint(
                name="price_decided_at_some_time",
                condition=Q(state=PriceState.PROPOSED) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="price_ended",
                condition=Q(
                    state=PriceState.ENDED, ends_on__gte=F("starts_on"), ended_at__isnull=False
                )
                | ~Q(state=PriceState.ENDED) & Q(ends_on=None, ended_at=None),
            ),
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                condition=Q(state__in=[PriceState.PUBLISHED, PriceState.ENDED]),
                name="price_once_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["code", "kind", "-starts_on"],
                condition=Q(state__in=[PriceState.PUBLISHED, PriceState.ENDED]),
                name="price_in_force",
            )
        ]
        triggers = [
            pgtrigger.FSM(name="price_steps", field="state", transitions=PRICE.edges),
            pgtrigger.Trigger(
                name="never_backdated",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NEVER_BACKDATED,
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            guards.stands(
                name="fixed_when_proposed",
                where=f"{guards.changed(*_PROPOSED)} OR OLD.state = '{PriceState.ENDED}'"
                f" OR OLD.state = NEW.state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.starts_on}"

    @property
    def face(self) -> Face:
        return PRICE.faces[self.state]

    @property
    def said(self) -> str:
        """The name in the reader's language."""
        return self.name_en if in_english() else self.name

    @property
    def titles_said(self) -> list[str]:
        labels = dict(Title.choices)
        return [str(labels[each]) for each in self.titles]

    def suits(self, title: str) -> bool:
        return not self.titles or title in self.titles

    def is_called_off(self) -> bool:
        """Whether it ended before it began, and never was in force."""
        return self.ends_on is not None and self.ends_on <= self.starts_on

    def has_ended(self, on: date) -> bool:
        return self.ends_on is not None and self.ends_on <= on
