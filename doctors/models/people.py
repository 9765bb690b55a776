"""Departments, and the people who work in them."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel import identity
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField
from hospital.kernel.pinyin import LONGEST
from hospital.kernel.sentences import in_english

_TWO_LEVELS = """
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM doctors_department WHERE id = NEW.parent_id AND parent_id IS NULL FOR UPDATE;
    IF NOT FOUND OR NEW.parent_id = NEW.id
        OR EXISTS (SELECT 1 FROM doctors_department WHERE parent_id = NEW.id)
    THEN
        RAISE EXCEPTION 'department % cannot stand under department %', NEW.code, NEW.parent_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Title(models.TextChoices):
    RESIDENT = "resident", _("住院医师")
    ATTENDING = "attending", _("主治医师")
    ASSOCIATE_CHIEF = "associate_chief", _("副主任医师")
    CHIEF = "chief", _("主任医师")
    PHARMACIST = "pharmacist", _("药师")
    SUPERVISING_PHARMACIST = "supervising_pharmacist", _("主管药师")


class Department(models.Model):
    """A department, perhaps of a larger one: 心血管内科 of 内科. There is no third level."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)  # the hospital's
    name = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=64)
    subject_code = models.CharField(max_length=16)  # 诊疗科目; the pharmacy has none
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    pinyin = models.CharField(max_length=LONGEST)  # its syllables, for search
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("科室")
        verbose_name_plural = _("科室")
        ordering = ("order", "id")
        indexes = [models.Index(fields=["order", "id"], name="department_order")]
        triggers = [
            pgtrigger.Trigger(
                name="two_levels",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=_TWO_LEVELS,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        """The name in the reader's language."""
        return self.name_en if in_english() else self.name


_OF_ONE_PERSON = """
    PERFORM pg_advisory_xact_lock(hashtextextended('posts of ' || NEW.user_id, 4));
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.id_number_index, 4));
    IF EXISTS (
        SELECT FROM doctors_clinician c
        WHERE c.id_number_index = NEW.id_number_index AND c.user_id <> NEW.user_id
    ) THEN RAISE EXCEPTION 'the identity number of another person'
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'id_number_of_one_person'; END IF;
    IF EXISTS (
        SELECT FROM doctors_clinician c
        WHERE c.user_id = NEW.user_id AND c.id <> NEW.id
          AND c.id_number_index <> NEW.id_number_index
    ) THEN RAISE EXCEPTION 'a second identity number of one person'
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_id_number_of_a_person'; END IF;
    RETURN NEW;
"""


class Clinician(models.Model):
    """A person as a doctor, or as a pharmacist; whoever is both stands here twice.

    Their name is public by law.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=12)  # doctor | pharmacist
    id_number = EncryptedTextField(null=True)  # typed once, with the first certificates
    id_number_index = BlindIndexField(
        of="id_number", normalise=identity.normalise, null=True, db_index=True
    )
    name = models.CharField(max_length=64)
    pinyin = models.CharField(max_length=LONGEST)  # the name's syllables, for search
    department = models.ForeignKey(Department, models.PROTECT, related_name="clinicians")
    title = models.CharField(max_length=24, choices=Title)
    good_at = models.CharField(max_length=300, blank=True)  # 擅长
    intro = models.TextField(blank=True)
    portrait = models.CharField(max_length=40, blank=True)  # a static picture of the demonstration
    is_receiving = models.BooleanField(default=True)  # the 接诊中 switch
    reply_minutes = models.PositiveIntegerField(default=60)  # promised
    pause_at = models.PositiveSmallIntegerField(null=True)  # as many waiting stop new orders

    class Meta:
        verbose_name = _("医务人员")
        verbose_name_plural = _("医务人员")
        constraints = [
            models.CheckConstraint(
                name="clinician_kind", condition=Q(kind__in=["doctor", "pharmacist"])
            ),
            models.UniqueConstraint(fields=["user", "kind"], name="clinician_once_of_a_kind"),
            models.CheckConstraint(
                name="clinician_promises",
                condition=Q(reply_minutes__gte=1, reply_minutes__lte=1440),
            ),
            models.CheckConstraint(
                name="clinician_pause",
                condition=Q(pause_at=None) | Q(pause_at__gte=1, pause_at__lte=200),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="id_number_of_one_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id", "id_number_index"),  # type: ignore[no-untyped-call]
                func=_OF_ONE_PERSON,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """Empty where nobody has told it."""
        return identity.masked(self.id_number) if self.id_number else ""
