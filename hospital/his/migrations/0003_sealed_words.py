"""What was typed there, and the day of birth, are sealed; columns that stood in plain too."""

import hospital.kernel.encrypted
from django.db import migrations

from hospital.kernel.sealing import seal_existing


class Migration(migrations.Migration):

    dependencies = [
        ('his', '0002_contacts_and_results'),
    ]

    operations = [
        migrations.AlterField(
            model_name='medicine',
            name='dosage',
            field=hospital.kernel.encrypted.EncryptedTextField(default=''),
        ),
        migrations.AlterField(
            model_name='medicine',
            name='name',
            field=hospital.kernel.encrypted.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='person',
            name='birth_date',
            field=hospital.kernel.encrypted.EncryptedDateField(),
        ),
        migrations.AlterField(
            model_name='report',
            name='title',
            field=hospital.kernel.encrypted.EncryptedTextField(),
        ),
        seal_existing("his.Person", "birth_date"),
        seal_existing("his.Medicine", "name", "dosage"),
        seal_existing("his.Report", "title"),
    ]
