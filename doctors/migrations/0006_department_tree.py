import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from hospital.kernel.pinyin import syllables_of


def _spell(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name, of_a_person in (("Department", False), ("Clinician", True)):
        model = apps.get_model("doctors", name)
        rows = list(model.objects.using(alias).only("pk", "name"))
        for row in rows:
            row.pinyin = syllables_of(row.name, of_a_person=of_a_person)
        model.objects.using(alias).bulk_update(rows, ["pinyin"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [("doctors", "0005_one_place_at_a_time")]

    operations = [
        migrations.RenameField("department", "initials", "pinyin"),
        migrations.RenameField("clinician", "initials", "pinyin"),
        migrations.AlterField("department", "pinyin", models.CharField(max_length=400)),
        migrations.AlterField("clinician", "pinyin", models.CharField(max_length=400)),
        migrations.RunPython(_spell, migrations.RunPython.noop),
        migrations.AddField(
            model_name='department',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='doctors.department'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='two_levels', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.parent_id IS NULL THEN\n        RETURN NEW;\n    END IF;\n    PERFORM 1 FROM doctors_department WHERE id = NEW.parent_id AND parent_id IS NULL FOR UPDATE;\n    IF NOT FOUND OR NEW.parent_id = NEW.id\n        OR EXISTS (SELECT 1 FROM doctors_department WHERE parent_id = NEW.id)\n    THEN\n        RAISE EXCEPTION 'department % cannot stand under department %', NEW.code, NEW.parent_id\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='42576633fef473db021dab1ad4e7491ea685f558', operation='INSERT OR UPDATE', pgid='pgtrigger_two_levels_a310b', table='doctors_department', when='BEFORE')),
        ),
    ]
