"""What must hold before the platform may start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from hospital.accounts.models import User

_WEAK = 50  # characters


@register(Tags.security, deploy=True)
def production_is_no_demonstration(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Production has no simulators, no demonstration keys and no short secret."""
    if not settings.PRODUCTION:
        return []
    wrong: list[CheckMessage] = []
    if settings.SIMULATORS_URL:
        wrong.append(
            Error(
                "Production may not talk to simulators: unset SIMULATORS_URL.", id="hospital.E001"
            )
        )
    if len(settings.SECRET_KEY) < _WEAK:
        wrong.append(
            Error(f"SECRET_KEY must have at least {_WEAK} characters.", id="hospital.E002")
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        wrong.append(Error("PUBLIC_URL must be https:// in production.", id="hospital.E003"))
    if not settings.SMS_KEY:
        wrong.append(Error("SMS_KEY is not set.", id="hospital.E004"))
    if settings.REAL_NAME_URL and not (
        settings.REAL_NAME_KEY and settings.REAL_NAME_URL.startswith("https://")
    ):
        told = "REAL_NAME_URL must be https:// and have its REAL_NAME_KEY."
        wrong.append(Error(told, id="hospital.E008"))
    if not (settings.COURIER_NAME and settings.COURIER_CONTACT):
        told = "COURIER_NAME and COURIER_CONTACT must name the courier (PIPL Art. 23)."
        wrong.append(Error(told, id="hospital.E007"))
    if not settings.ADMIN_NETWORKS:
        wrong.append(Error("ADMIN_NETWORKS must name the management network.", id="hospital.E006"))
    return wrong


@register(Tags.database, deploy=True)
def production_has_no_demonstration_people(
    app_configs: Any, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """Their passwords are public (8.1.4.2 b). Nobody else can choose such a one."""
    if not settings.PRODUCTION or not databases or "default" not in databases:
        return []
    try:
        found = list(User.objects.filter(is_demo=True).values_list("username", flat=True)[:5])
    except DatabaseError:
        return []  # not migrated yet, or away: the start itself says so
    if not found:
        return []
    return [Error(f"Demonstration accounts stand in production: {found}.", id="hospital.E020")]


@register(Tags.database)
def runtime_is_not_the_owner(
    app_configs: Any, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """An owner can switch off triggers and grants, so the platform never runs as one."""
    if not databases or "default" not in databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user)"
                " FROM pg_roles WHERE rolname = current_user"
            )
            (owns,) = cursor.fetchone()
    except DatabaseError:
        return []  # the start itself says that the database is away
    return (
        [Error("DATABASE_URL signs in as the owner of the tables.", id="hospital.E005")]
        if owns
        else []
    )
