"""What must be known before anything can be reported."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

NEEDED = ("REGULATOR_KEY", "REGULATOR_ORG_CODE", "REGULATOR_REG_NO")


@register(Tags.security, deploy=True)
def the_hospital_is_known_to_the_platform(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Production has the platform's address, our key there and our identifiers."""
    if not settings.PRODUCTION:
        return []
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if not settings.REGULATOR_URL.startswith("https://"):
        missing.append("REGULATOR_URL (https://)")
    return [Error(f"{name} is not set.", id="regulator.E001") for name in missing]
