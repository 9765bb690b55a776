"""Triggers of rows that stand: nobody but the owner can ask them to look away."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connections, transaction

from hospital.kernel import guards
from hospital.kernel.encrypted import sealed_columns
from prescriptions.models import Prescription
from tests import databases, prescribing

ASKS = "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger"
SPOIL = "UPDATE prescriptions_prescription SET amount_fen = 1"
AS_THE_LIBRARY_MAKES_IT = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE plpgsql AS $$ BEGIN
RETURN trigger_name = ANY (current_setting('pgtrigger.ignore')::text[]);
END $$
"""


def spoil(alias: str) -> int:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(ASKS)
        cursor.execute(SPOIL)
        return cursor.rowcount


@pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])
def test_runtime_cannot_ask_a_trigger_to_look_away():
    """The control: as the library makes the function, it could."""
    prescribing.signed(prescribing.cast())
    with pytest.raises(DatabaseError, match="Cannot update"):
        spoil("default")
    assert Prescription.objects.get().amount_fen > 1
    with databases._superuser(connections["default"].settings_dict["NAME"]) as cursor:
        cursor.execute(AS_THE_LIBRARY_MAKES_IT)
    assert spoil("default") == 1


@pytest.mark.parametrize("model", [m for m in apps.get_models() if sealed_columns(m)])
def test_no_guard_stands_in_the_way_of_a_new_key(model):
    """A row with encrypted columns that may not change is guarded by `kernel.guards`."""
    sealed = {field.name for field in sealed_columns(model)}
    for trigger in getattr(model._meta, "triggers", []):
        if isinstance(trigger, pgtrigger.ReadOnly):
            assert not sealed & set(trigger.fields or []), trigger
        elif isinstance(trigger, pgtrigger.Protect) and trigger.condition is None:
            assert "UPDATE" not in str(trigger.operation), trigger
        elif isinstance(trigger, pgtrigger.Protect) and "UPDATE" in str(trigger.operation):
            named = isinstance(trigger.condition, guards._Forbidden | pgtrigger.Q)
            assert named or not sealed & set(str(trigger.condition.sql).split(".")), trigger
