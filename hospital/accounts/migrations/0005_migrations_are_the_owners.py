from django.db import migrations

from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    """The platform reads how far it was migrated; only whoever migrates writes it down."""

    dependencies = [("accounts", "0004_passwords_and_passkeys")]

    operations = [grant("django_migrations", to_runtime="SELECT")]
