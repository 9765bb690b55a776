"""Lists of staff and departments as offices keep them: read without trust, every bad cell named."""

from doctors.sheets import departments, staff
from doctors.sheets.columns import Finding, Reading, Sheet
from doctors.sheets.opening import Line, opened, require_size

SHEETS: dict[str, Sheet] = {sheet.kind: sheet for sheet in (staff.SHEET, departments.SHEET)}

__all__ = ["SHEETS", "Finding", "Line", "Reading", "Sheet", "opened", "require_size"]
