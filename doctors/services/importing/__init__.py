"""Lists of staff and departments: looked at, kept, confirmed by a second person, run by rows."""

from doctors.services.importing.checking import Look, keep_import, look
from doctors.services.importing.deciding import confirm_import, stop_import, sweep_imports
from doctors.services.importing.running import run_import

__all__ = [
    "Look",
    "confirm_import",
    "keep_import",
    "look",
    "run_import",
    "stop_import",
    "sweep_imports",
]
