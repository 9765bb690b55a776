"""What must be known before the trail can be sealed."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def somebody_signs_the_trail(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Production names the key itself: one made on the spot would be worth nothing in court.

    Only its name is asked for: the file is there for the worker alone, which refuses a bad one.
    """
    if settings.PRODUCTION and not settings.AUDIT_KEY_FILE:
        return [Error("AUDIT_KEY_FILE is not set: nobody can sign the trail.", id="audit.E001")]
    return []
