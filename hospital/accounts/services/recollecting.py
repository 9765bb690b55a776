"""Being who the record says: a second factor for patients, where a phone alone is not enough."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import guesses, recollection
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused


def recollect(user: User, answers: Mapping[str, str], *, at: datetime) -> None:
    """Refuse who does not know the record of this account, in the same words where there is none.

    Counted and committed before anything is compared.
    """
    guesses.count(guesses.RECORD, str(user.public_id), at=at)
    if not recollection.question().check(user, answers):
        audit.note_failure("account.recall-fail", by=user, at=at)
        raise Refused(_("和登记的资料对不上，请核对后再填。"), code="recall-wrong")
    guesses.forget(guesses.RECORD, str(user.public_id))
