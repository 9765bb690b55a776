"""Who lives in the town, and what the hospital knows of them. The same number, the same person.

Most have been there once; one in a hundred comes often, one in a thousand for ten years. Ids
follow from the number, so that nothing is looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from hospital.accounts.models import User
from hospital.demo.scale import tables
from hospital.demo.scale.catalogue import DRUGS, ILLS, PANEL, WARDS
from hospital.demo.scale.people import someone
from hospital.demo.scale.rows import Table, public_ids
from hospital.demo.scale.tables import BASE, TABLES
from hospital.his.models import Person
from hospital.kernel.encrypted import index_of
from patients.models import Patient

Lines = dict[str, list[str]]
_YEARS: Final = 3650  # days
_FURTHEST: Final = 90  # days between two visits


def _comes(n: int) -> int:
    """How many reports somebody has, beside the others of their thousand."""
    if n == 0:
        return 500
    if n % 100 == 0:
        return 40
    return {1: 3, 2: 1, 6: 3}.get(n % 10, 0)


_BEFORE: Final = (0, *accumulate(_comes(n) for n in range(1000)))


@dataclass(frozen=True)
class Town:
    people: int
    observations: int  # whole reports of them
    at: datetime  # up to when the past goes

    def reports_before(self, n: int) -> int:
        """How many reports there are of everybody with a lower number."""
        return _share(n) * (self.observations // len(PANEL)) // _share(self.people)

    def lines(self, span: Iterable[int]) -> Lines:
        """The rows of some of its people, by table."""
        made = _Making(self.at)
        for n in span:
            first, last = self.reports_before(n), self.reports_before(n + 1)
            made.person(n)
            made.past(n, first, last - first)
        return made.lines


def _share(n: int) -> int:
    return n // 1000 * _BEFORE[-1] + _BEFORE[n % 1000]


class _Making:
    def __init__(self, at: datetime) -> None:
        self.lines: Lines = {table.name: [] for table in TABLES}
        self._ids, self._at, self._now = public_ids(), at, at.isoformat()

    def _add(self, table: Table, *values: object) -> None:
        self.lines[table.name].append(table.line(next(self._ids), *values))

    def _mirror(self, table: Table, row: int, *values: object) -> None:
        """A row that came from the hospital's system."""
        fhir_id = f"scale-{table.name.removeprefix('his_')}-{row}"
        self._add(table, BASE + row, fhir_id, self._now, self._now, *values)

    def person(self, n: int) -> None:
        """An account, whose holder they are there and here, and that these are the same."""
        who, now = someone(n), self._now
        born, sex = who.birth_date, who.sex
        there = index_of(Person, "id_index", who.id_number)
        here = index_of(Patient, "id_index", who.id_number)
        phone = index_of(User, "phone_index", who.phone)
        self._add(tables.ACCOUNT, BASE + n, "!", who.name, who.phone, phone, "{patient}", "t", now)
        self._mirror(tables.PERSON, n, who.name, who.id_number, there, who.phone, born, sex)
        self._add(
            tables.PATIENT,
            *(BASE + n, who.name, who.id_number, here, who.phone, born, sex, BASE + n),
            *(now, "t", now, now),
        )
        self._add(tables.LINK, BASE + n, BASE + n, BASE + n, "self", now)
        if n % 7 == 0:
            self._add(tables.ALLERGY, BASE + n, BASE + n, "青霉素类", "mild", "self", now)

    def past(self, n: int, first: int, reports: int) -> None:
        """One visit for each report and one more, the last of them yesterday; each fourth of
        who comes often was online, and the only one of each fourth person."""
        apart = timedelta(days=min(_FURTHEST, _YEARS / (reports + 1)))
        for k in range(reports + 1):
            at = self._at - timedelta(days=1) - k * apart
            visit = first + n + k  # nobody else has this number: everybody has one more visit
            self._visit(n, visit, at)
            if k < reports:
                self._report(n, first + k, at.isoformat())
            if k % 4 == 3 or (k == 0 and n % 4 == 0):
                self._online(n, visit, at + timedelta(hours=6))

    def _visit(self, n: int, visit: int, at: datetime) -> None:
        person, when, ward = BASE + n, at.isoformat(), WARDS[n % len(WARDS)]
        code, name = ILLS[(n + visit % 3) % len(ILLS)]
        self._mirror(
            *(tables.VISIT, visit, person, when, "outpatient", ward, "陈思远"),
            f"{name}复诊，病情平稳，继续原方案，三个月后复查。",
        )
        self._mirror(tables.DIAGNOSIS, visit, person, BASE + visit, code, name, when)
        if visit % 2:
            drug, atc, dosage = DRUGS[visit % len(DRUGS)]
            until = f"{at + timedelta(days=60):%Y-%m-%d}"
            self._mirror(tables.PRESCRIBED, visit, person, when, drug, atc, dosage, until)

    def _report(self, n: int, report: int, when: str) -> None:
        person, title = BASE + n, "生化全套"
        self._mirror(
            *(tables.REPORT, report, person, when, "laboratory", title),
            "请结合临床。" if report % 3 else "",
        )
        for place, item in enumerate(PANEL):
            self._mirror(
                tables.OBSERVATION,
                *(report * len(PANEL) + place, person, BASE + report, when, item.code, item.name),
                *(item.value(report * 7 + place * 5), item.unit, item.low, item.high),
            )

    def _online(self, n: int, visit: int, at: datetime) -> None:
        when, ward, told = at.isoformat(), WARDS[n % len(WARDS)], ILLS[n % len(ILLS)]
        diagnoses = f'[{{"code": "{told[0]}", "name": "{told[1]}"}}]'
        held = next(self._ids)
        self._add(
            *(tables.ONLINE, BASE + visit, BASE + n, held, when, ward, "陈思远"),
            *(diagnoses, "closed"),
        )
        drug, atc, dosage = DRUGS[n % len(DRUGS)]
        since, until = (f"{at + timedelta(days=days):%Y-%m-%d}" for days in (0, 30))
        self._add(
            *(tables.TAKEN, BASE + visit, BASE + n, drug, atc, dosage),
            *(since, until, "ours", next(self._ids)),
        )
