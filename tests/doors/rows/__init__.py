"""A row for every door that names an object or takes a body: who gets through, on what.

A door that is missing here fails `test_matrix.py`. Add it to the file of its area.
"""

from tests.doors.matrix import Try
from tests.doors.rows.approving import APPROVING
from tests.doors.rows.bills import BILLS
from tests.doors.rows.credentialing import CREDENTIALING
from tests.doors.rows.e_record import E_RECORD
from tests.doors.rows.evidence import EVIDENCE
from tests.doors.rows.identity import IDENTITY
from tests.doors.rows.importing import IMPORTING
from tests.doors.rows.letting_in import LETTING_IN
from tests.doors.rows.management import MANAGEMENT
from tests.doors.rows.offering import OFFERING
from tests.doors.rows.patients import PATIENTS
from tests.doors.rows.prescriptions import PRESCRIPTIONS
from tests.doors.rows.rights import RIGHTS
from tests.doors.rows.rostering import ROSTERING
from tests.doors.rows.visits import VISITS

ROWS: dict[str, tuple[Try, ...]] = {
    **IDENTITY,
    **PATIENTS,
    **BILLS,
    **E_RECORD,
    **EVIDENCE,
    **VISITS,
    **OFFERING,
    **PRESCRIPTIONS,
    **LETTING_IN,
    **MANAGEMENT,
    **RIGHTS,
    **APPROVING,
    **IMPORTING,
    **CREDENTIALING,
    **ROSTERING,
}

# Fields of bodies that hold an id and name no object of anybody's.
NO_OBJECT = {
    "client_id": "made by whoever sends, so that a message is said once",
    "drug": "the formulary is the same for everybody",
    "batches.drug": "the formulary is the same for everybody",
    "lines.drug": "the formulary is the same for everybody",
    "doctor": "doctors are public",
    "code_id": "names the code that is being proved, and is worth nothing without its digits",
    "code": "names the code that is being proved, and is worth nothing without its digits",
    "new": "names the code that is being proved, and is worth nothing without its digits",
    "old": "names the code that is being proved, and is worth nothing without its digits",
    "recall": "names a question that is open, and is worth nothing without its answers",
}
