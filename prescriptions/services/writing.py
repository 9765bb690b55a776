"""The doctor writes: a draft, line by line, in person. Nothing is filled in by itself (R-10)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from doctors import selectors as doctors
from hospital.consultations import selectors as consultations
from hospital.consultations.lifecycle import State as VisitState
from hospital.consultations.models import Consultation
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.policy import selectors as policies
from prescriptions import selectors
from prescriptions.lifecycle import State
from prescriptions.models import Drug, Line, Prescription
from prescriptions.permissions import may_begin, may_write
from prescriptions.pharmacy import medicine_of, packs_for
from prescriptions.services.steps import note
from prescriptions.wording import FREQUENCIES, ROUTES

KINDS: Final = ("western", "patent")
MOST_LINES: Final = 20  # what a draft may hold; how many a prescription may is a rule
_TERMS: Final = (
    "kind", "diagnoses", "reason", "long_term_evaluation", "patient_confirmed_long_term",
    "extension_days", "second_signature",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """One line as the doctor writes it. Without `packs`, as many as the days need."""

    drug: Drug
    frequency: str
    days: int
    dose: Decimal | None = None
    dose_unit: str = ""  # empty: the drug's own
    route: str = ""  # empty: the drug's own
    packs: int | None = None


@transaction.atomic
def begin(consultation: Consultation, *, by: Any, at: datetime) -> Prescription:
    """The draft of this visit: the one that is there, or a new one. Only while it is open."""
    consultation = consultations.locked(consultation)
    require(may_begin(by, consultation), _("只有接诊的医生本人可以开方。"))
    _must_be_open(consultation)
    must_prescribe(consultation)
    if (draft := selectors.draft_of(consultation)) is not None:
        return draft
    draft = Prescription.objects.create(
        number=_next_number(at),
        consultation=consultation,
        patient=consultation.patient,
        doctor=consultation.doctor,
        diagnoses=consultation.diagnoses,
        extension_days=usual_extension(),
        begun_at=at,
    )
    note("prescription.begin", draft, by=by, at=at)
    return draft


def usual_extension() -> int:
    """The days that the hospital's prescriptions are valid; none is stated where it is one."""
    days = policies.current().values.prescription_valid_days
    return days if days > 1 else 0


def must_prescribe(consultation: Consultation) -> None:
    """By the doctor's own setting, 开方 is on; or it was when the patient ordered, who was not told
    otherwise: what a doctor turns off is never turned off for orders already placed."""
    if doctors.prescribes(consultation.doctor):
        return
    judged = consultation.eligibility
    told = json.loads(judged.facts)["doctor"] if judged is not None else {}
    if not told.get("prescribes", True):
        raise Refused(
            _("您关掉了“在线开方”，这次下单时患者已经知道不开药。需要开方请先到设置里打开。"),
            code="prescribing-off",
        )


def _must_be_open(consultation: Consultation) -> None:
    if consultation.state != VisitState.OPEN:
        raise WrongState(_("这次问诊没有在进行，不能开方。"), code="visit-not-open")


def _next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('prescriptions_number')")
        (number,) = cursor.fetchone()
    return f"RX{local_date(at):%Y%m%d}{number:06d}"


@transaction.atomic
def change(
    prescription: Prescription,
    *,
    lines: Sequence[Wish],
    by: Any,
    at: datetime,
    **terms: Any,
) -> Prescription:
    """Write the draft anew: its lines, and whichever of the other terms are given."""
    prescription = _held_draft(prescription, by)
    wishes = _read(lines)
    _read_terms(prescription, terms)
    prescription.save(update_fields=sorted(terms))
    _rewrite(prescription, wishes)
    note("prescription.change", prescription, by=by, at=at, lines=len(wishes))
    return prescription


@transaction.atomic
def copy(
    earlier: Prescription, prescription: Prescription, *, by: Any, at: datetime
) -> Prescription:
    """The doctor takes over the lines of an earlier prescription of the same patient, knowingly."""
    prescription = _held_draft(prescription, by)
    if earlier.patient_id != prescription.patient_id or earlier.signed_at is None:
        raise Refused(_("只能沿用同一位患者已签名的处方。"), code="not-copyable")
    wishes = [wish_of(line) for line in earlier.lines.select_related("drug")]
    _rewrite(prescription, [wish for wish in wishes if wish.drug.is_sold])
    copied = str(earlier.public_id)
    note("prescription.change", prescription, by=by, at=at, lines=len(wishes), copied_from=copied)
    return prescription


@transaction.atomic
def check(
    prescription: Prescription, *, at: datetime, lines: Sequence[Line] | None = None
) -> selectors.Ruling:
    """What the rules say of a draft, or of `lines` still being written for it.

    Nothing is stored: signing asks again, under the lock.
    """
    if lines is None:
        lines = list(prescription.lines.select_related("drug"))
    return selectors.judged(prescription, lines, at)


def _held_draft(prescription: Prescription, by: Any) -> Prescription:
    prescription = selectors.locked(prescription)
    require(may_write(by, prescription), _("只有开方的医生本人可以修改。"))
    if prescription.state != State.DRAFT:
        raise WrongState(_("处方已经签名，不能再改。需要修改请先撤回。"), code="not-a-draft")
    _must_be_open(prescription.consultation)
    return prescription


def _read(lines: Sequence[Wish]) -> list[Wish]:
    if len(lines) > MOST_LINES:
        raise Refused(_("一张处方写不下这么多药。"), code="too-many-lines")
    for wish in lines:
        if wish.frequency not in FREQUENCIES or (wish.route and wish.route not in ROUTES):
            raise Refused(_("请从列出的频次和途径里选择。"), code="line-malformed")
        if not 1 <= wish.days <= 366 or not (wish.packs is None or 1 <= wish.packs <= 999):
            raise Refused(_("天数或数量超出了范围。"), code="line-malformed")
    return list(lines)


def _read_terms(prescription: Prescription, terms: dict[str, Any]) -> None:
    assert set(terms) <= set(_TERMS), terms
    if terms.get("kind", "western") not in KINDS:
        raise Refused(_("线上只开西药和中成药。"), code="kind-unknown")
    for name, value in terms.items():
        setattr(prescription, name, value)


def _rewrite(prescription: Prescription, wishes: Sequence[Wish]) -> None:
    prescription.lines.all().delete()
    Line.objects.bulk_create(
        _line(prescription, number, wish) for number, wish in enumerate(wishes)
    )


def _line(prescription: Prescription, position: int, wish: Wish) -> Line:
    medicine, drug = medicine_of(wish.drug), wish.drug
    unit = wish.dose_unit or (medicine.dose_unit if wish.dose is not None else "")
    return Line(
        prescription=prescription,
        position=position,
        drug=drug,
        dose=wish.dose,
        dose_unit=unit,
        frequency=wish.frequency,
        route=wish.route or medicine.route or "oral",
        days=wish.days,
        packs=wish.packs or packs_for(drug, wish.dose, unit, wish.frequency, wish.days),
        price_fen=drug.price_fen,
    )


def wish_of(line: Line) -> Wish:
    """A line as it would be written again, at today's price."""
    return Wish(
        drug=line.drug,
        frequency=line.frequency,
        days=line.days,
        dose=line.dose,
        dose_unit=line.dose_unit,
        route=line.route,
        packs=line.packs,
    )
