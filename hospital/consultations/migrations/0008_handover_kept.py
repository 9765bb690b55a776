"""A handover rests on verifications that exist (R-13), is kept, and goes with its visit (R-19)."""

from importlib import import_module

from django.db import migrations

from hospital.kernel.definers import purge
from hospital.kernel.roles import grant

_before = import_module("hospital.consultations.migrations.0004_retention")
_VISIT = "DELETE FROM consultations_consultation WHERE id = v.id;"
RECORDS = _before.RECORDS.replace(
    _VISIT,
    f"""DELETE FROM consultations_handover WHERE consultation_id = v.id;
                GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
                {_VISIT}""",
)
assert RECORDS != _before.RECORDS, "the earlier function reads otherwise"


def _rests_on_a_verification(column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE consultations_handover ADD CONSTRAINT handover_{column}"
        f" FOREIGN KEY ({column}) REFERENCES accounts_verification (public_id)",
        f"ALTER TABLE consultations_handover DROP CONSTRAINT handover_{column}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0007_handover"),
        ("accounts", "0002_readiness"),
    ]

    operations = [
        _rests_on_a_verification("verification"),
        _rests_on_a_verification("former_verification"),
        grant("consultations_handover", to_runtime="SELECT, INSERT, UPDATE"),
        purge(
            "consultations_purge_records",
            tables=(
                *_before.OF_A_VISIT,
                "consultations_handover",
                "consultations_consultation",
                "policy_decision",
            ),
            body=RECORDS,
        ),
    ]
