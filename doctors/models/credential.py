"""Under which licence somebody practises."""

import uuid
from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from doctors.licences import masked
from doctors.lifecycle import LIFECYCLE, State
from doctors.models.people import Clinician
from hospital.kernel import guards
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField
from hospital.kernel.lifecycle import Face

# A certificate that was refused or taken back was nobody's: the true holder is not kept out by it.
# The locks let two who hand in the same one at the same moment see each other.
_OF_ONE_PERSON = """
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.qualification_index, 4));
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.practice_index, 4));
    IF EXISTS (
        SELECT FROM doctors_credential c
        JOIN doctors_clinician a ON a.id = c.clinician_id
        JOIN doctors_clinician b ON b.id = NEW.clinician_id AND b.user_id <> a.user_id
        WHERE (c.qualification_index = NEW.qualification_index
               OR c.practice_index = NEW.practice_index)
          AND c.state NOT IN ('refused', 'withdrawn')
    ) THEN RAISE EXCEPTION 'the certificate of another person'
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'credential_of_one_person'; END IF;
    RETURN NEW;
"""

_NEVER_ONES_OWN = """
    IF EXISTS (SELECT FROM doctors_clinician c
        WHERE c.id = NEW.clinician_id AND c.user_id = NEW.decided_by_id)
    THEN RAISE EXCEPTION 'nobody decides about their own licence'; END IF;
    RETURN NEW;
"""

_HANDED_IN = (
    "public_id",
    "clinician_id",
    "qualification_no",
    "qualification_index",
    "practice_no",
    "practice_index",
    "institution",
    "scope",
    "independent_since",
    "valid_until",
    "subject_code",
    "consented_on",
    "filing_no",
    "filing_from",
    "filing_until",
    "insurer",
    "policy_no",
    "insured_from",
    "insured_until",
    "submitted_at",
    "submitted_by_id",
)
_DECIDED = ("decided_at", "decided_by_id", "why")


class Credential(models.Model):
    """The licence under which somebody practises here, as medical affairs approved it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="credentials")
    state = models.CharField(max_length=12, choices=State, default=State.SUBMITTED)
    qualification_no = EncryptedTextField()  # 资格证书编码
    qualification_index = BlindIndexField(of="qualification_no", null=True, db_index=True)
    practice_no = EncryptedTextField()  # 执业证书编码
    practice_index = BlindIndexField(of="practice_no", null=True, db_index=True)
    institution = models.CharField(max_length=80)  # where registered
    scope = models.CharField(max_length=80)  # 执业范围
    independent_since = models.DateField()  # start of independent practice
    valid_until = models.DateField()
    subject_code = models.CharField(max_length=16, blank=True)  # 诊疗科目
    consented_on = models.DateField(null=True)  # by the institution where registered
    filing_no = models.CharField(max_length=40, blank=True)  # 多机构执业备案
    filing_from = models.DateField(null=True)
    filing_until = models.DateField(null=True)
    insurer = models.CharField(max_length=80, blank=True)  # 医疗责任保险
    policy_no = EncryptedTextField(null=True)
    insured_from = models.DateField(null=True)
    insured_until = models.DateField(null=True)
    ends_on: Any = models.GeneratedField(  # the last day of whatever ends first
        expression=Least("valid_until", "filing_until"),
        output_field=models.DateField(),
        db_persist=True,
    )
    reminded_days = models.PositiveSmallIntegerField(null=True)  # of 60, 30, 7 the last one
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why = EncryptedTextField(default="", blank=True)

    class Meta:
        verbose_name = _("执业资质")
        verbose_name_plural = _("执业资质")
        constraints = [
            models.CheckConstraint(name="credential_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(
                fields=["clinician"],
                condition=Q(state__in=[State.APPROVED, State.SUSPENDED]),
                name="credential_one_in_force",
            ),
            models.CheckConstraint(
                name="credential_decided_by_somebody",
                condition=Q(state=State.SUBMITTED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="credential_approved_by_another",
                condition=~Q(state=State.APPROVED) | ~Q(decided_by=models.F("submitted_by")),
            ),
            models.UniqueConstraint(
                fields=["clinician"],
                condition=Q(state=State.SUBMITTED),
                name="credential_one_submitted",
            ),
            models.CheckConstraint(
                name="credential_filing_is_whole",
                condition=Q(filing_no="", filing_from=None, filing_until=None)
                | (
                    ~Q(filing_no="")
                    & Q(filing_from__isnull=False, filing_until__isnull=False)
                    & Q(filing_until__gte=models.F("filing_from"))
                ),
            ),
            models.CheckConstraint(
                name="credential_insurance_is_whole",
                condition=Q(insurer="", insured_from=None, insured_until=None)
                | (
                    ~Q(insurer="")
                    & Q(insured_from__isnull=False, insured_until__isnull=False)
                    & Q(insured_until__gte=models.F("insured_from"))
                ),
            ),
            models.CheckConstraint(
                name="credential_reminded",
                condition=Q(reminded_days=None) | Q(reminded_days__in=[60, 30, 7]),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="credential_steps", field="state", transitions=LIFECYCLE.edges),
            pgtrigger.Protect(
                name="begins_submitted",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=State.SUBMITTED),
            ),
            guards.stands(
                name="handed_in_stands",
                when=pgtrigger.After,
                where=f"{guards.changed(*_HANDED_IN)}"
                f" OR OLD.state = NEW.state AND ({guards.changed(*_DECIDED)})",
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_ones_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=[State.APPROVED, State.REFUSED]),
                func=_NEVER_ONES_OWN,
            ),
            pgtrigger.Trigger(
                name="of_one_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "clinician_id", "qualification_index", "practice_index"
                ),
                func=_OF_ONE_PERSON,
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]

    @property
    def masked_qualification(self) -> str:
        return masked(self.qualification_no)

    @property
    def masked_practice(self) -> str:
        return masked(self.practice_no)

    def is_in_force(self, on: date) -> bool:
        return self.state == State.APPROVED and on <= self.ends_on
