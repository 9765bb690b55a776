"""Who can say whether a name and an identity document belong together.

`settings.REAL_NAME` names the adapter of the verification service that the hospital has a
contract with. Without one, only the hospital's own records can say so.
"""

from functools import cache
from typing import Any, Final, Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from hospital.kernel import outward
from hospital.kernel.documents import Document

PARTNER: Final = gettext_noop("实名核验服务")
PATIENCE: Final = httpx.Timeout(4.0, connect=2.0)  # somebody waits for the page
TOGETHER: Final = 5.0  # seconds
_SAYS: Final = {"match": True, "differs": False, "unknown": None}


class RealName(Protocol):
    def agree(self, name: str, document: Document) -> bool | None:
        """Whether they belong together; None where the service cannot say. Not in a transaction.

        May raise `Unavailable`.
        """


class NoService:
    def agree(self, name: str, document: Document) -> bool | None:
        return None


class Service:
    """Asks `settings.REAL_NAME_URL`: `{"name", "kind", "number"}`, `{"result"}` back.

    Personal data goes in the body alone: addresses end up in logs.
    """

    def agree(self, name: str, document: Document) -> bool | None:
        response = outward.request(
            "POST",
            settings.REAL_NAME_URL,
            partner=PARTNER,
            within=TOGETHER,
            timeout=PATIENCE,
            headers={"X-App-Key": settings.REAL_NAME_KEY},
            json={"name": name, "kind": document.kind, "number": document.number},
        )
        if response.status_code != 200:
            raise outward.unavailable(PARTNER)
        return _verdict(response)


def _verdict(response: httpx.Response) -> bool | None:
    try:
        told: Any = response.json()
        return _SAYS[str(told["result"])]
    except (KeyError, TypeError, ValueError) as error:
        raise outward.unavailable(PARTNER) from error


@cache
def real_name() -> RealName:
    made: RealName = import_string(settings.REAL_NAME)()
    return made
