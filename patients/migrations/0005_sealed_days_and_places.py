"""The day of birth, the region of an address and a dosage are sealed."""

import hospital.kernel.encrypted
from django.db import migrations

from hospital.kernel.sealing import seal_existing


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0004_glass_and_shares'),
    ]

    operations = [
        migrations.AlterField(
            model_name='address',
            name='region',
            field=hospital.kernel.encrypted.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='medicine',
            name='dosage',
            field=hospital.kernel.encrypted.EncryptedTextField(default=''),
        ),
        migrations.AlterField(
            model_name='patient',
            name='birth_date',
            field=hospital.kernel.encrypted.EncryptedDateField(),
        ),
        seal_existing("patients.Address", "region"),
        seal_existing("patients.Medicine", "dosage"),
        seal_existing("patients.Patient", "birth_date"),
    ]
