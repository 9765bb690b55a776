"""What the hospital lets somebody do, apart from their title."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.lifecycle import PRIVILEGE, PrivilegeState
from doctors.models.people import Clinician
from hospital.kernel import guards
from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face


class Right(models.TextChoices):
    """The highest tier of antimicrobials that somebody may prescribe."""

    NONE = "none", _("无")
    UNRESTRICTED = "unrestricted", _("非限制使用级")
    RESTRICTED = "restricted", _("限制使用级")
    SPECIAL = "special", _("特殊使用级")


_LIVE = [PrivilegeState.GRANTED, PrivilegeState.SUSPENDED]

_ITS_OWN_PROFESSION = """
    IF (NEW.kind = 'review') <>
        ((SELECT kind FROM doctors_clinician WHERE id = NEW.clinician_id) = 'pharmacist')
    THEN RAISE EXCEPTION 'a privilege of another profession'; END IF;
    RETURN NEW;
"""

_NEVER_ONES_OWN = """
    IF EXISTS (SELECT FROM doctors_clinician c
        WHERE c.id = NEW.clinician_id AND c.user_id = NEW.decided_by_id)
    THEN RAISE EXCEPTION 'nobody grants themselves a privilege'; END IF;
    RETURN NEW;
"""


class Privilege(models.Model):
    """One privilege of one person, from when to when: asked for by one, granted by another."""

    class Kind(models.TextChoices):
        PRESCRIBE = "prescribe", _("处方权")
        ANTIMICROBIAL = "antimicrobial", _("抗菌药物处方权")
        PAEDIATRICS = "paediatrics", _("儿科诊疗")
        EMERGENCY = "emergency", _("急症指导")
        REVIEW = "review", _("审方")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="privileges")
    kind = models.CharField(max_length=16, choices=Kind)
    tier = models.CharField(max_length=16, choices=Right, blank=True)  # of antimicrobials
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    state = models.CharField(max_length=12, choices=PrivilegeState, default=PrivilegeState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ground = EncryptedTextField(default="", blank=True)  # why it is asked for: training, assessment
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    why = EncryptedTextField(default="", blank=True)  # of the newest decision

    class Meta:
        verbose_name = _("执业权限")
        verbose_name_plural = _("执业权限")
        constraints = [
            models.CheckConstraint(
                name="privilege_state", condition=Q(state__in=PrivilegeState.values)
            ),
            models.CheckConstraint(
                name="privilege_kind",
                condition=Q(
                    kind__in=["prescribe", "antimicrobial", "paediatrics", "emergency", "review"]
                ),
            ),
            models.CheckConstraint(
                name="privilege_tier_of_antimicrobials",
                condition=Q(
                    kind="antimicrobial", tier__in=["unrestricted", "restricted", "special"]
                )
                | (~Q(kind="antimicrobial") & Q(tier="")),
            ),
            models.CheckConstraint(
                name="privilege_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="privilege_decided_by_somebody",
                condition=Q(state=PrivilegeState.ASKED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="privilege_granted_by_another",
                condition=~Q(state=PrivilegeState.GRANTED) | ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["clinician", "kind"],
                condition=Q(state__in=_LIVE),
                name="privilege_one_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["clinician", "kind"],
                condition=Q(state=PrivilegeState.ASKED),
                name="privilege_one_asked",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="privilege_steps", field="state", transitions=PRIVILEGE.edges),
            guards.stands(
                name="asked_stands",
                where=guards.changed(
                    "public_id",
                    "clinician_id",
                    "kind",
                    "tier",
                    "starts_on",
                    "ends_on",
                    "asked_by_id",
                    "asked_at",
                    "ground",
                ),
            ),
            pgtrigger.Protect(
                name="begins_asked",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=PrivilegeState.ASKED),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_own_profession",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_ITS_OWN_PROFESSION,
            ),
            pgtrigger.Trigger(
                name="never_ones_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=["granted", "refused"]),
                func=_NEVER_ONES_OWN,
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return PRIVILEGE.faces[self.state]

    @property
    def said(self) -> str:
        """What it is, with the tier where it has one."""
        kind = str(self.get_kind_display())
        return f"{kind} · {self.get_tier_display()}" if self.tier else kind

    def is_in_force(self, on: date) -> bool:
        return self.state == PrivilegeState.GRANTED and self.starts_on <= on <= self.ends_on
