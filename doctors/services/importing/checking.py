"""The dry run, and keeping a list that has no fault."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Import, ImportRow
from doctors.permissions import may_import
from doctors.services.importing import departments, staff
from doctors.services.importing.steps import take_step
from doctors.sheets import SHEETS, Finding, Reading, opened
from hospital.accounts.models import User
from hospital.files import scanning
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, require

_AT_ONCE: Final = 500  # rows in one INSERT


@dataclass(frozen=True)
class Look:
    """What a list would do. With findings it does nothing: every one has to be mended first."""

    kind: str
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    outcomes: Mapping[int, str]  # row -> add | change | keep

    @property
    def rows(self) -> int:
        return len(self.readings)

    def counted(self, outcome: str) -> int:
        return sum(each == outcome for each in self.outcomes.values())


def look(kind: str, data: bytes, *, at: datetime) -> Look:
    """Read a list and say what is wrong with it, cell by cell; writes nothing.

    Not atomic: the virus scanner and the process that opens workbooks are asked outside
    transactions. Refuses what is no list at all.
    """
    scanning.require_clean(data)
    lines = opened(data)
    readings, findings = SHEETS[kind].read(lines, on=local_date(at))
    wrong = {finding.row for finding in findings}
    compared = _COMPARED[kind](readings, wrong)
    findings += compared.findings
    findings.sort(key=lambda finding: finding.row)
    return Look(kind, tuple(readings), tuple(findings), compared.outcomes)


_COMPARED: Final = {"staff": staff.compared, "departments": departments.compared}


@transaction.atomic
def keep_import(
    seen: Look, *, by: User | None, at: datetime, name: str = "", by_command: bool = False
) -> Import:
    """Keep what the list says, sealed row by row, until a second person has confirmed it.

    From the command line it is confirmed at once, by the platform itself; `by` is then in whose
    name licences are handed in.
    """
    if by is not None:
        require(may_import(by), _("只有医务处可以导入名单。"))
    if seen.findings:
        raise Refused(_("名单里还有要改的地方，改好以后再导入。"), code="sheet-wrong")
    if by is None and any(reading.values.get("qualification_no") for reading in seen.readings):
        raise Refused(_("名单里有资质，请写明由医务处的谁提交。"), code="submitter-missing")
    sheet = Import.objects.create(
        kind=seen.kind,
        name=prose(name.replace("\n", " "), limit=10_000)[:120],
        rows=seen.rows,
        by_command=by_command,
        checked_by=by,
        checked_at=at,
    )
    ImportRow.objects.bulk_create(_rows(sheet, seen.readings), batch_size=_AT_ONCE)
    audit.record("import.check", by=by, on=sheet, at=at, what=seen.kind, rows=seen.rows)
    if by_command:
        take_step("confirm", sheet, by=None, at=at)
    return sheet


def _rows(sheet: Import, readings: Iterable[Reading]) -> list[ImportRow]:
    """What each row says, with all the roles that the list gives to its person: only the first
    roles of an account come from nobody, so that they have to come together."""
    roles: dict[str, set[str]] = defaultdict(set)
    for reading in readings:
        if "staff_no" in reading.values:
            roles[reading.values["staff_no"]].add(reading.values["kind"])
    return [ImportRow(sheet=sheet, number=r.row, data=_said(r, roles)) for r in readings]


def _said(reading: Reading, roles: Mapping[str, set[str]]) -> Any:
    number = reading.values.get("staff_no")
    return {**reading.values, **({"roles": sorted(roles[number])} if number else {})}
