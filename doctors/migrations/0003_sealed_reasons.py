"""Why a licence was refused or suspended is sealed."""

import hospital.kernel.encrypted
from django.db import migrations

from hospital.kernel.sealing import seal_existing


class Migration(migrations.Migration):

    dependencies = [
        ('doctors', '0002_licences'),
    ]

    operations = [
        migrations.AlterField(
            model_name='credential',
            name='why',
            field=hospital.kernel.encrypted.EncryptedTextField(blank=True, default=''),
        ),
        seal_existing("doctors.Credential", "why"),
    ]
