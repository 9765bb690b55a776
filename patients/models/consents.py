"""What is agreed to, and by whom; and the drafts from which a new version comes."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.lifecycle import Face
from hospital.kernel.sentences import in_english
from patients.lifecycle import DRAFT, DraftState
from patients.models.people import Patient


class ConsentText(models.Model):
    """One version of what is agreed to. Published once, then never changed."""

    kind = models.CharField(max_length=24)  # service | sensitive | courier | guardian | own
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    body = models.TextField()
    body_en = models.TextField()
    recipient = models.CharField(max_length=80, blank=True)  # who else gets the data (PI-04)
    contact = models.CharField(max_length=80, blank=True)  # how that one is reached
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("知情同意书")
        verbose_name_plural = _("知情同意书")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_once"),
            models.CheckConstraint(
                name="consent_text_names_the_courier",
                condition=~Q(kind="courier") | Q(version=1) | (~Q(recipient="") & ~Q(contact="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="published_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    @property
    def said_title(self) -> str:
        """The title in the reader's language; the English text begins with its own."""
        return self.body_en.split("\n", 1)[0] if in_english() else self.title


class ConsentDraft(models.Model):
    """The next version of a text while medical affairs write it. Publishing copies it once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=24)
    state: Any = models.CharField(max_length=12, choices=DraftState, default=DraftState.DRAFT)
    title = models.CharField(max_length=80)
    body = models.TextField()
    body_en = models.TextField()  # its first line is the English title
    recipient = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    text = models.OneToOneField(ConsentText, models.PROTECT, null=True, related_name="draft")

    class Meta:
        verbose_name = _("知情同意书草稿")
        verbose_name_plural = _("知情同意书草稿")
        constraints = [
            models.CheckConstraint(
                name="consent_draft_state", condition=Q(state__in=DraftState.values)
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state=DraftState.DRAFT), name="consent_draft_one"
            ),
            models.CheckConstraint(
                name="consent_draft_published_is_a_text",
                condition=Q(state=DraftState.PUBLISHED, text__isnull=False)
                | (~Q(state=DraftState.PUBLISHED) & Q(text=None)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="consent_draft_steps", field="state", transitions=DRAFT.edges),
            pgtrigger.ReadOnly(
                name="consent_draft_stands",
                fields=["kind", "title", "body", "body_en", "recipient", "contact", "written_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def face(self) -> Face:
        return DRAFT.faces[self.state]


class Consent(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the text that was shown
    # account: whoever holds it. code: the patient, by a code on their own phone, on the screen of
    # who acts for them. beside: a child of 14 to 17 in person, on the guardian's screen.
    how = models.CharField(max_length=8, default="account", db_default="account")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("知情同意")
        verbose_name_plural = _("知情同意")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "text"], condition=Q(withdrawn_at=None), name="consent_once"
            ),
            models.CheckConstraint(
                name="consent_how", condition=Q(how__in=["account", "code", "beside"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
