"""A real name counts where the hospital's record or the verification service bears it out.

Until now every registration was stamped. Whom the hospital does not know is asked about again at
the next refresh.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('his', '0005_results_in_words'),
        ('patients', '0017_decisions_go_too'),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE patients_patient SET real_name_at = NULL WHERE person_id IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='patient',
            constraint=models.CheckConstraint(condition=models.Q(('person', None), ('real_name_at__isnull', False), _connector='OR'), name='patient_known_is_real'),
        ),
    ]
