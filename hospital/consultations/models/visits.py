"""Consultations, what was said in them, who has read how far, and how they were rated."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician
from hospital.consultations.lifecycle import ALIVE, LIFECYCLE, State
from hospital.files.models import File
from hospital.kernel import guards
from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField
from hospital.kernel.lifecycle import Face
from hospital.payments.models import Charge
from hospital.policy.models import Decision
from patients.models import Patient

_FIXED = (  # columns; by name, since an encrypted field has no lookups
    "public_id",
    "kind",
    "patient_id",
    "asked_by_id",
    "complaint",
    "diagnoses",
    "guardian_present",
    "fee_fen",
    "charge_id",
    "eligibility_id",
    "ordered_at",
    "pay_by",
)
# The doctor changes by the newest handover alone, to whoever took it, proved as they proved then.
_HANDED_OVER = """
    IF NEW.state <> 'open' OR NOT EXISTS (
        SELECT FROM consultations_handover h
        WHERE h.id = (SELECT max(id) FROM consultations_handover WHERE consultation_id = NEW.id)
            AND h.state = 'taken' AND h.former_id = OLD.doctor_id
            AND h.taken_by_id = NEW.doctor_id AND h.verification = NEW.verification)
    THEN
        RAISE EXCEPTION 'a consultation changes its doctor by a handover alone';
    END IF;
    RETURN NEW;
"""
_NEXT_IN_LINE = """
    IF NEW.seq IS DISTINCT FROM 1 + (
            SELECT COALESCE(MAX(seq), 0) FROM consultations_message
            WHERE consultation_id = NEW.consultation_id)
        OR NEW.seq IS DISTINCT FROM (
            SELECT last_seq FROM consultations_consultation WHERE id = NEW.consultation_id)
    THEN
        RAISE EXCEPTION 'message % is not the next one of its consultation', NEW.seq;
    END IF;
    RETURN NEW;
"""


class Consultation(models.Model):
    """One visit online. Its public id is the `stream` of all that happens in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16)  # followup | advice
    state = models.CharField(max_length=12, choices=State, default=State.UNPAID)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consultations")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    doctor = models.ForeignKey(Clinician, models.PROTECT, related_name="consultations")
    complaint = EncryptedTextField()
    diagnoses = models.JSONField(default=list)  # [{"code": "I10", "name": "…"}] followed up
    guardian_present = models.BooleanField(default=False)
    specialist_present = models.BooleanField(
        default=False
    )  # with a child under six, says the doctor
    fee_fen = models.PositiveIntegerField()
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, related_name="+")
    eligibility = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    verification = models.UUIDField(null=True)  # the doctor's identity check it rests on
    open_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, blank=True)  # a code of the catalogue of reasons
    end_note = EncryptedTextField(default="")
    last_seq = models.PositiveIntegerField(default=0)  # of its messages

    class Meta:
        verbose_name = _("问诊")
        verbose_name_plural = _("问诊")
        indexes = [
            models.Index(fields=["patient", "-ordered_at"], name="consultation_of_patient"),
            models.Index(fields=["doctor", "state", "-ordered_at"], name="consultation_worklist"),
            models.Index(fields=["doctor", "-ordered_at"], name="consultation_of_doctor"),
            models.Index(fields=["ordered_at"], name="consultation_by_day"),
            models.Index(
                fields=["pay_by"], condition=Q(state="unpaid"), name="consultation_unpaid"
            ),
            models.Index(
                fields=["accept_by"], condition=Q(state="waiting"), name="consultation_waiting"
            ),
            models.Index(
                fields=["open_until"], condition=Q(state="open"), name="consultation_open"
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="along_the_lifecycle", field="state", transitions=LIFECYCLE.edges),
            pgtrigger.Protect(
                name="begins_unpaid",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df=State.UNPAID),
            ),
            guards.stands(name="fixed_when_ordered", where=guards.changed(*_FIXED)),
            pgtrigger.Trigger(
                name="handed_over",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__doctor__df=pgtrigger.F("new__doctor")),
                func=_HANDED_OVER,
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="consultation_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="consultation_kind", condition=Q(kind__in=["followup", "advice"])
            ),
            models.CheckConstraint(
                name="consultation_open_was_verified",
                condition=~Q(state__in=["open", "closed", "referred"])
                | Q(verification__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_ended_has_a_time",
                condition=Q(state__in=ALIVE) | Q(ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient", "doctor"],
                condition=Q(state__in=ALIVE),
                name="consultation_one_alive",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def is_followup(self) -> bool:
        return self.kind == "followup"


class Message(models.Model):
    """One thing said. `seq` counts from 1 without gaps within its consultation."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField()  # the sender's own; the same one twice is one message
    kind = models.CharField(max_length=8)  # text | image | card | note
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=8)  # patient | doctor | system
    at = models.DateTimeField()
    text = EncryptedTextField(default="")
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    card: Any = EncryptedJSONField(null=True)  # {"kind", "title", "lines", "names", "url"}

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "seq"], name="message_seq_once"),
            models.UniqueConstraint(
                fields=["consultation", "by", "client_id"], name="message_client_id_once"
            ),
            models.CheckConstraint(name="message_seq_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(
                name="message_kind", condition=Q(kind__in=["text", "image", "card", "note"])
            ),
            models.CheckConstraint(
                name="message_side", condition=Q(side__in=["patient", "doctor", "system"])
            ),
            models.CheckConstraint(
                name="message_of_people_has_an_author",
                condition=Q(kind__in=["card", "note"]) | Q(by__isnull=False),
            ),
            models.CheckConstraint(
                name="message_image_has_a_file",
                condition=Q(kind="image", file__isnull=False) | (~Q(kind="image") & Q(file=None)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="next_in_line",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NEXT_IN_LINE,
            ),
            *guards.append_only(),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}#{self.seq}"


class Reading(models.Model):
    """How far one person has read."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    upto = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("已读位置")
        verbose_name_plural = _("已读位置")
        constraints = [models.UniqueConstraint(fields=["consultation", "by"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.consultation_id} upto {self.upto}"


class Rating(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    text = EncryptedTextField(default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        constraints = [
            models.CheckConstraint(name="rating_stars", condition=Q(stars__gte=1, stars__lte=5))
        ]
        triggers = guards.append_only()

    def __str__(self) -> str:
        return str(self.stars)
