"""What every template may name: the hospital, the size to read in, the language."""

import json
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hospital.web.sizes import size_of

# htmx evaluates nothing, adds no style of its own (the content security policy forbids both) and
# keeps no copy of a page in the browser's storage, where it would outlive the session.
HTMX: Final = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    },
    separators=(",", ":"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    return house() | {"size": SimpleLazyObject(lambda: size_of(request))}


def house() -> dict[str, Any]:
    """The part that needs neither a request nor the database; error pages make do with it."""
    return {
        "HOSPITAL": settings.HOSPITAL_NAME,
        "HOSPITAL_PHONE": settings.HOSPITAL_PHONE,
        "HTMX": HTMX,
        "SIGN_IN": settings.LOGIN_URL,
        "language": get_language() or settings.LANGUAGE_CODE,
        "DEMO": not settings.PRODUCTION,
    }
