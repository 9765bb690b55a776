"""8.1.4.7b: what somebody changes in the store, past all services, is noticed when it is read."""

import base64
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from hospital.files import vault
from hospital.files.models import File
from hospital.kernel.ciphers import Undecipherable
from hospital.payments.models import Charge, Entry
from patients.models import Patient
from prescriptions.models import Prescription
from prescriptions.selectors import is_authentic
from tests import databases, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])


@pytest.fixture
def made(settings, tmp_path) -> Prescription:
    settings.MEDIA_ROOT = tmp_path / "media"
    return prescribing.dispensed(prescribing.cast())


def flipped(envelope: str) -> str:
    """One bit of the sealed bytes is another one."""
    head, _, payload = envelope.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(payload))
    raw[len(raw) // 2] ^= 1
    return f"{head}.{base64.urlsafe_b64encode(raw).decode()}"


def tamper(table: str, columns: str | list[str], pk: int, value: object) -> None:
    """As somebody does who has the whole cluster: no trigger asks."""
    with databases._superuser(connections["default"].settings_dict["NAME"]) as cursor:
        cursor.execute("SET session_replication_role = replica")
        each = [columns] if isinstance(columns, str) else columns
        changes = ", ".join(f"{column} = %(value)s" for column in each)
        cursor.execute(
            f"UPDATE {table} SET {changes} WHERE id = %(pk)s", {"value": value, "pk": pk}
        )
        assert cursor.rowcount == 1


def stored(table: str, column: str, pk: int) -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Prescription, "text"),
        (Patient, "name"),
        (Patient, "id_number"),
        (Patient, "birth_date"),
    ],
)
def test_a_flipped_bit_of_a_sealed_column_is_noticed_when_it_is_read(made, model, column):
    row = model.objects.get(pk=made.pk if model is Prescription else made.patient_id)
    assert getattr(row, column)  # the control: untouched it reads
    table = model._meta.db_table
    tamper(table, column, row.pk, flipped(stored(table, column, row.pk)))
    with pytest.raises(Undecipherable):
        getattr(model.objects.get(pk=row.pk), column)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("doctor_signature", "AAAA"),
        ("pharmacist_signature", "AAAA"),
        ("digest", "0" * 64),  # both of them: one alone breaks a constraint
    ],
)
def test_a_changed_signature_or_digest_is_noticed(made, column, value):
    assert is_authentic(made, reviewed=True)
    columns = ["digest", "reviewed_digest"] if "digest" in column else [column]
    tamper("prescriptions_prescription", columns, made.pk, value)
    assert not is_authentic(Prescription.objects.get(pk=made.pk), reviewed=True)


def test_the_text_of_another_prescription_does_not_fit_here(made):
    other = prescribing.signed(prescribing.Cast(*_again(made)))
    text = stored("prescriptions_prescription", "text", other.pk)
    tamper("prescriptions_prescription", "text", made.pk, text)
    with pytest.raises(Undecipherable):
        _ = Prescription.objects.get(pk=made.pk).text


def _again(made: Prescription):
    visit = made.consultation
    return visit.asked_by, visit.patient, made.doctor, made.reviewer, visit


def test_a_flipped_byte_of_a_file_is_noticed(made):
    public_id = File._meta.get_field("public_id").default()
    vault.put(public_id, b"%PDF-1.4 as it was")
    assert vault.get(public_id) == b"%PDF-1.4 as it was"
    place = next(vault.sealed())
    sealed = bytearray(place.read_bytes())
    sealed[-3] ^= 1
    place.write_bytes(sealed)
    with pytest.raises(Undecipherable):
        vault.get(public_id)


def books() -> str:
    said = io.StringIO()
    try:
        call_command("verify_books", stdout=said)
    except CommandError as error:
        return f"{said.getvalue()}{error}"
    return said.getvalue()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("amount_fen", 1, "event"),
        ("state", "open", "the trail says otherwise"),
        ("refunded_fen", 0, "agree"),  # the control: the same value
    ],
)
def test_a_changed_payment_is_noticed(made, column, value, says):
    assert "agree" in books()
    tamper("payments_charge", column, made.charge_id, value)
    assert says in books()


def test_a_changed_or_removed_entry_is_noticed(made):
    entry = Entry.objects.filter(charge=made.charge, account="gateway").get()
    tamper("payments_entry", "amount_fen", entry.pk, entry.amount_fen + 1)
    assert "sides differ" in books()
    tamper("payments_entry", "amount_fen", entry.pk, entry.amount_fen)
    assert "agree" in books()
    with databases._superuser(connections["default"].settings_dict["NAME"]) as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM payments_entry WHERE posting = %s", [str(entry.posting)])
    assert "the ledger says 0" in books()


def test_a_charge_out_of_nowhere_is_noticed(made):
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE payments_charge SET asked_at = %s WHERE id = %s", [NOON, made.charge_id]
        )
    assert "agree" in books()  # the control: what changes without a word in the trail may
    tamper("payments_charge", "public_id", made.charge_id, "00000000-0000-4000-8000-000000000001")
    assert "knows nothing" in books()
    assert Charge.objects.count() > 1
