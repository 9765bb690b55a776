"""A patient's past in a bounded number of rows: visits, problems, and how key values went."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from hospital.his import selectors as his
from hospital.his.models import Diagnosis, Observation, Person, Report, Visit
from hospital.kernel.prepared import Prepared
from patients.lifecycle import EvidenceState
from patients.models import Evidence, EvidencePage, OnlineVisit, Patient
from patients.reports.analytes import analyte_of, codes_like
from patients.reports.trend import flag, reference, trends_of

FEW: Final = 10  # visits and reports on one page
POINTS: Final = 12  # of one series
KEY: Final = {  # LOINC -> how it is called in the little space there is; in the order shown
    "14682-9": "血肌酐",
    "62238-1": "eGFR",
    "2823-3": "血钾",
    "22748-8": "低密度脂蛋白",
    "4548-4": "糖化血红蛋白",
    "14771-0": "空腹血糖",
    "1742-6": "谷丙转氨酶",
    "8480-6": "收缩压",
    "8462-4": "舒张压",
}


@dataclass(frozen=True)
class Problem:
    code: str
    name: str
    at: datetime  # last diagnosed


@dataclass(frozen=True)
class Visited:
    at: datetime
    is_online: bool
    department: str
    doctor: str
    diagnoses: Sequence[dict[str, str]]
    note: str = ""


@dataclass(frozen=True)
class Past:
    visits: Sequence[Visited]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Series:
    """The last values of one item, the oldest first."""

    code: str
    name: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    points: Sequence[tuple[datetime, Decimal]] = field(default_factory=list)

    @property
    def latest(self) -> Decimal:
        return self.points[-1][1]

    @property
    def flag(self) -> str:
        return flag(self.latest, self.low, self.high)

    @property
    def reference(self) -> str:
        return reference(self.low, self.high)

    @property
    def drawn(self) -> list[tuple[str, float]]:
        """The points as `{% labchart %}` takes them: the day, the value."""
        last = self.points[-POINTS:]
        return [(f"{localtime(at):%y-%m}", float(value)) for at, value in last]

    @property
    def low_number(self) -> float | None:
        return None if self.low is None else float(self.low)

    @property
    def high_number(self) -> float | None:
        return None if self.high is None else float(self.high)

    @property
    def says(self) -> str:
        """The chart in words, for whoever hears the page."""
        values = "，".join(f"{label} {value:g}" for label, value in self.drawn)
        return f"{self.name}（{self.unit}）：{values}；{self.reference}"

    @property
    def numbers(self) -> list[float]:
        return [float(value) for _at, value in self.points]


def of(patient: Patient) -> Past:
    online = [
        Visited(each.at, True, each.department, each.doctor, each.diagnoses, each.outcome)  # noqa: FBT003
        for each in _online(patient.pk)
    ]
    if patient.person is None:
        return Past(online, [])
    visits = _offline(patient.person.pk)
    made: dict[int | None, list[dict[str, str]]] = {}
    problems: dict[str, Problem] = {}
    for each in _diagnoses(patient.person.pk):
        made.setdefault(each.visit_id, []).append({"code": each.code, "name": each.name})
        problems.setdefault(each.code, Problem(each.code, each.name, each.at))
    offline = [
        Visited(each.at, False, each.department, each.doctor, made.get(each.pk, []), each.summary)  # noqa: FBT003
        for each in visits
    ]
    newest = sorted([*online, *offline], key=lambda visited: visited.at, reverse=True)
    return Past(newest[:FEW], list(problems.values()))


def _of_last_visits(person: int) -> QuerySet[Diagnosis]:
    """Those of the last visits, and the latest of every code there ever was; the newest first."""
    last = _last_visits(person).values("pk")
    latest = Diagnosis.objects.filter(person=person).order_by("code", "-at").distinct("code")
    wanted = Q(visit__in=last) | Q(pk__in=latest.values("pk"))
    return his.diagnoses_of(Person(pk=person)).filter(wanted)


def _last_visits(person: int) -> QuerySet[Visit]:
    return his.visits_of(Person(pk=person))[:FEW]


_WHERE: Final = ("at", "department", "doctor")
_online: Final = Prepared(
    lambda patient: (
        OnlineVisit.objects.filter(patient=patient)
        .order_by("-at", "-pk")
        .only(*_WHERE, "diagnoses", "outcome")[:FEW]
    )
)
_offline: Final = Prepared(
    lambda person: _last_visits(person).only("public_id", *_WHERE, "summary")
)
_diagnoses: Final = Prepared(
    lambda person: _of_last_visits(person).only("visit", "code", "name", "at")
)


def reports(patient: Patient) -> list[Report]:
    """The last few."""
    return _reports(patient.person.pk) if patient.person else []


_reports: Final = Prepared(
    lambda person: his.reports_of(Person(pk=person)).only(
        "public_id", "at", "kind", "title", "conclusion"
    )[:FEW]
)


def papers(patient: Patient) -> list[Any]:
    """The last few of other hospitals that wait for a look, or were confirmed once; each with
    `files`, the public ids of its pages."""
    return _papers(patient.pk)


def _last_papers(patient: int) -> QuerySet[Evidence, Any]:
    pages = EvidencePage.objects.filter(evidence=OuterRef("pk")).order_by("pk")
    told = Evidence.objects.filter(patient=patient, state__in=_TELLING)
    return told.annotate(files=ArraySubquery(pages.values("file__public_id"))).order_by(
        "-at", "-pk"
    )[:FEW]


_TELLING: Final = (EvidenceState.SUBMITTED, EvidenceState.CONFIRMED, EvidenceState.EXPIRED)
_papers: Final = Prepared(_last_papers)


def series(patient: Patient) -> list[Series]:
    """The key values that were ever measured, each with its last points in one unit."""
    if patient.person is None:
        return []
    by_analyte: dict[str, list[Any]] = {}
    for row in sorted(_key_values(patient.person.pk), key=lambda row: (row.at, row.pk)):
        by_analyte.setdefault(analyte_of(row.code).key, []).append(row)
    keys = [(analyte_of(code).key, name) for code, name in KEY.items()]
    found = [_series(by_analyte[key], name) for key, name in keys if key in by_analyte]
    return sorted(found, key=lambda each: not each.flag)  # what is out of range comes first


def _last_values(person: int) -> QuerySet[Observation, Any]:
    """In no order. One short look into the index for each item, however long the past; it is
    ordered as the index is, so that a plan made for everybody takes no other one."""
    told = ("pk", "at", "code", "name", "value", "unit", "low", "high", "flag")
    values = Observation.objects.filter(person=person, value__isnull=False).order_by("-at")
    rows = values.values_list(*told, named=True)
    first, *more = (rows.filter(code=code)[:POINTS] for code in _codes())
    return first.union(*more, all=True)


def _series(rows: list[Any], name: str) -> Series:
    trend = trends_of(rows)[0]
    return Series(
        code=trend.code,
        name=name,
        unit=trend.unit,
        low=trend.latest.low,
        high=trend.latest.high,
        points=[(point.at, point.value) for point in trend.points[-POINTS:]],
    )


@cache
def _codes() -> list[str]:
    return [each for code in KEY for each in codes_like(code)]


_key_values: Final = Prepared(_last_values)
