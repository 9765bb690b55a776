"""Who can say whether a name and an identity document belong together.

`settings.REAL_NAME` names the adapter of the verification service that the hospital has a
contract with. Without one, the hospital's own records and the number's check letter must do.
"""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from hospital.kernel.documents import Document


class RealName(Protocol):
    def agree(self, name: str, document: Document) -> bool | None:
        """Whether they belong together; None where the service cannot say. Not in a transaction."""


class NoService:
    def agree(self, name: str, document: Document) -> bool | None:
        return None


@cache
def real_name() -> RealName:
    made: RealName = import_string(settings.REAL_NAME)()
    return made
