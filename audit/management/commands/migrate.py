"""Migrate, and then see to it that no session talks its way past a trigger.

The trigger library makes every trigger ask a function whether this session has set
`pgtrigger.ignore`, which any session may. After each migration that function is put right: it
heeds the owner of the tables alone (who could drop the trigger), in person or in a function of the
owner's. What runtime sets is not heard.
"""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

ONLY_THE_OWNER = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN has_table_privilege('public.django_migrations', 'TRIGGER')
        AND coalesce(trigger_name = ANY (
            nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false);
END $$
"""


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if (
            options["database"] == "owner"
            and not options["plan"]
            and not options["check_unapplied"]
        ):
            with connections["owner"].cursor() as cursor:
                cursor.execute(ONLY_THE_OWNER)
