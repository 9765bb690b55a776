"""What is known of one patient, from the platform and from the hospital's mirror together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q

from hospital.his import selectors as his
from hospital.his.models import Person
from hospital.kernel.calendar import local_date
from hospital.kernel.prepared import Prepared
from patients import steps
from patients.lifecycle import EvidenceState
from patients.models import Allergy, Answer, Evidence, Medicine, Patient

EGFR: Final = "62238-1"  # LOINC


@dataclass(frozen=True)
class KnownAllergy:
    to: str
    reaction: str  # anaphylaxis | severe | mild
    source: str  # self | his | doctor
    at: datetime | None


class CurrentMedicine(NamedTuple):
    name: str
    atc: str
    days_left: int | None  # None: for good
    dosage: str
    source: str  # ours | his | self


@dataclass(frozen=True)
class Told:
    """What the patient said of their body, as far as it still counts on that day."""

    pregnancy: str  # no | yes | unknown, also where the answer is too old
    is_pregnancy_open: bool  # asked of such a patient, and not known now
    due_on: date | None
    is_lactating: bool
    weight_kg: Decimal | None  # None also where a child has outgrown it
    weighed_on: date | None
    is_weight_old: bool


def told(patient: Patient, on: date) -> Told:
    """Of the patient's own row. Where no day is known, that of the last answer counts."""
    some = patient.allergies_known_at or patient.recorded_at
    told_on, due_on = local_date(patient.pregnancy_at or some), patient.due_on
    weighed_on = local_date(patient.weighed_at or some) if patient.weight_kg else None
    asked = steps.asked_of(patient.sex, patient.birth_date, on=on)
    pregnancy = steps.still_pregnant(patient.pregnancy, told_on=told_on, due_on=due_on, on=on)
    is_old = weighed_on is not None and steps.is_old_weight(
        weighed_on, birth_date=patient.birth_date, on=on
    )
    return Told(
        pregnancy=pregnancy,
        is_pregnancy_open=pregnancy == "unknown" and steps.BY_CODE["pregnancy"] in asked,
        due_on=due_on,
        is_lactating=steps.still_lactating(is_told=patient.is_lactating, told_on=told_on, on=on),
        weight_kg=None if is_old else patient.weight_kg,
        weighed_on=weighed_on,
        is_weight_old=is_old,
    )


def answers_of(patient: Patient) -> dict[str, Answer]:
    """The newest answer to each question of the e-record."""
    return {answer.step: answer for answer in patient.answers.all()}


def said(patient: Patient, step: str) -> dict[str, Any] | None:
    """What was answered to a question whose answer stands nowhere else; None where nothing was."""
    answer = patient.answers.filter(step=step).first()
    return dict(answer.said) if answer and answer.said else None


def given(answers: Mapping[str, Answer]) -> dict[str, steps.Given]:
    return {
        code: steps.Given(local_date(answer.at), answer.is_skipped)
        for code, answer in answers.items()
    }


def allergies(patient: Patient) -> list[KnownAllergy]:
    """Those the hospital wrote down, then those told here. A thing told twice is listed twice."""
    known = [
        KnownAllergy(each.to, each.reaction, "his", each.at)
        for each in (_his_allergies(patient.person.pk) if patient.person else ())
    ]
    told = _told_allergies(patient.pk)
    return known + [KnownAllergy(a.to, a.reaction, a.source, a.at) for a in told]


_his_allergies: Final = Prepared(
    lambda person: his.allergies_of(Person(pk=person)).only("public_id", "to", "reaction", "at")
)
_told_allergies: Final = Prepared(
    lambda patient: (
        Allergy.objects.filter(patient=patient)
        .order_by("pk")
        .only("public_id", "to", "reaction", "source", "at")
    )
)


def current_medicines(
    patient: Patient, on: date, *, stopped_within: int = 0
) -> list[CurrentMedicine]:
    """What the patient takes on that day, from whichever source; the latest supply of each.

    With `stopped_within` days also what ran out so lately: their `days_left` is below zero.
    """
    last = on - timedelta(days=stopped_within)
    rows: list[tuple[Any, str]] = [(row, row.source) for row in _taken(patient.pk, on, last)]
    if patient.person:
        rows += [(row, "his") for row in _prescribed_there(patient.person.pk, last)]
    newest: dict[str, CurrentMedicine] = {}
    for row, source in rows:
        left = (row.until - on).days if row.until else None
        seen = newest.get(row.name)
        if seen is None or _lasts_longer(left, seen.days_left):
            newest[row.name] = CurrentMedicine(row.name, row.atc, left, row.dosage, source)
    return list(newest.values())


def _still(last: date) -> Q:
    return Q(until=None) | Q(until__gte=last)


_TOLD: Final = ("public_id", "name", "atc", "until", "dosage")
_taken: Final = Prepared(
    lambda patient, on, last: (
        Medicine.objects.filter(_still(last), patient=patient, withdrawn_at=None, since__lte=on)
        .order_by("-since", "pk")
        .only(*_TOLD, "source")
    )
)
_prescribed_there: Final = Prepared(
    lambda person, last: his.medicines_of(Person(pk=person)).filter(_still(last)).only(*_TOLD)
)


def _lasts_longer(left: int | None, than: int | None) -> bool:
    return than is not None and (left is None or left > than)


def egfr(patient: Patient) -> Decimal | None:
    """The latest estimate of kidney function, mL/min/1.73 m²; None where none was measured."""
    if patient.person is None:
        return None
    latest = his.series_of(patient.person, EGFR).order_by("-at", "-pk").first()
    return latest.value if latest else None


def evidence(patient: Patient, at: datetime) -> list[dict[str, Any]]:
    """The diagnoses that physical hospitals made, as the rules of follow-up ask for them: those of
    this hospital, newest first, then those that somebody here read in a paper of another one."""
    today = local_date(at)
    return [*_from_his(patient, at, today), *_from_papers(patient, today)]


def _from_his(patient: Patient, at: datetime, today: date) -> list[dict[str, Any]]:
    if patient.person is None:
        return []
    found = his.diagnoses_of(patient.person).filter(at__lte=at).select_related("visit")
    return [
        {
            "kind": _KINDS[each.visit.kind if each.visit else "outpatient"],
            "diagnosis": each.code,
            "name": each.name,
            "days_ago": (today - local_date(each.at)).days,
            "hospital": "own",
            "department": each.visit.department if each.visit else "",
        }
        for each in found
    ]


def _from_papers(patient: Patient, today: date) -> list[dict[str, Any]]:
    """No department here has treated it, so none is named; `read_by` is the one that read it."""
    return [
        {
            "kind": each.kind,
            "diagnosis": each.diagnosis,
            "name": each.diagnosis_name,
            "days_ago": (today - _day(each)).days,
            "hospital": "other",
            "department": "",
            "read_by": each.department,
            "paper": str(each.public_id),
        }
        for each in patient.papers.filter(
            state=EvidenceState.CONFIRMED, expires_on__gte=today
        ).order_by("pk")
    ]


def _day(paper: Evidence) -> date:
    day: date | None = paper.visited_on
    assert day is not None, "the database lets nobody confirm a paper without its day"
    return day


def same_diseases(patient: Patient) -> list[tuple[str, str]]:
    """The pairs of diagnoses that a doctor confirmed to be one disease and nobody took back."""
    standing = patient.same_diseases.filter(taken_back_at=None).order_by("pk")
    return list(standing.values_list("first", "second"))


_KINDS: Final = {
    "outpatient": "outpatient_record",
    "emergency": "outpatient_record",
    "inpatient": "inpatient_record",
}
