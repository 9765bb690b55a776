"""Bills and their items, documents other than the identity number, how far a pull has come."""

import django.contrib.postgres.fields
import django.db.models.deletion
import hospital.kernel.encrypted
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('his', '0003_sealed_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('fhir_id', models.CharField(max_length=64, unique=True)),
                ('version', models.CharField(blank=True, max_length=32)),
                ('updated_at', models.DateTimeField()),
                ('pulled_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('issued', 'Issued'), ('balanced', 'Balanced'), ('cancelled', 'Cancelled')], max_length=12)),
                ('total_fen', models.PositiveIntegerField()),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('lines', hospital.kernel.encrypted.EncryptedJSONField(null=True)),
            ],
            options={
                'verbose_name': '院内账单',
                'verbose_name_plural': '院内账单',
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', hospital.kernel.encrypted.EncryptedTextField()),
                ('number_index', hospital.kernel.encrypted.BlindIndexField(unique=True)),
            ],
            options={
                'verbose_name': '其他证件',
                'verbose_name_plural': '其他证件',
            },
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('fhir_id', models.CharField(max_length=64, unique=True)),
                ('version', models.CharField(blank=True, max_length=32)),
                ('updated_at', models.DateTimeField()),
                ('pulled_at', models.DateTimeField()),
                ('at', models.DateTimeField(null=True)),
                ('what', hospital.kernel.encrypted.EncryptedTextField()),
                ('department', models.CharField(blank=True, max_length=64)),
                ('amount_fen', models.PositiveIntegerField(null=True)),
            ],
            options={
                'verbose_name': '院内收费项目',
                'verbose_name_plural': '院内收费项目',
            },
        ),
        migrations.AddField(
            model_name='cursor',
            name='aside',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='cursor',
            name='expected',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='cursor',
            name='onward',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='cursor',
            name='pages',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='cursor',
            name='rows',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='cursor',
            name='seen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='cursor',
            name='started_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='mended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='quarantined',
            index=models.Index(condition=models.Q(('mended_at', None)), fields=['resource', 'fhir_id'], name='quarantined_open'),
        ),
        migrations.AddField(
            model_name='bill',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bills', to='his.person'),
        ),
        migrations.AddField(
            model_name='document',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='his.person'),
        ),
        migrations.AddField(
            model_name='fee',
            name='bill',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='his.bill'),
        ),
        migrations.AddField(
            model_name='fee',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='his.person'),
        ),
        migrations.AddIndex(
            model_name='bill',
            index=models.Index(fields=['person', '-at'], name='bill_newest'),
        ),
        migrations.AddConstraint(
            model_name='bill',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['issued', 'balanced', 'cancelled'])), name='bill_state'),
        ),
    ]
