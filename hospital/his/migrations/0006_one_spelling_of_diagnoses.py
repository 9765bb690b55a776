"""Diagnoses that were mirrored before their codes had one spelling.

Those that are no code of ICD-10 stay as they are until the hospital changes them.
"""

from django.db import migrations

_ONE_SPELLING = """
UPDATE his_diagnosis
SET code = upper(left(told, 1)) || substr(told, 2, 2)
    || CASE WHEN length(rest) > 0 THEN '.' || lower(rest) ELSE '' END
FROM (
    SELECT id AS which, told, ltrim(substr(told, 4), '.') AS rest
    FROM (
        SELECT id, normalize(code, NFKC) AS told FROM his_diagnosis
        WHERE code !~ '^[A-Z][0-9]{2}([.][0-9x]{1,11})?$'
    ) AS folded
    WHERE told ~ '^[A-Za-z][0-9]{2}[.]?[0-9Xx]{0,11}$'
) AS legible
WHERE id = which
"""


class Migration(migrations.Migration):
    dependencies = [("his", "0005_results_in_words")]

    operations = [migrations.RunSQL(_ONE_SPELLING, migrations.RunSQL.noop)]
