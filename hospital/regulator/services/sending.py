"""Each message: ask (claim it, atomic) → gateway → settle (atomic)."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from hospital.regulator import gateways, selectors
from hospital.regulator.gateways import Answer
from hospital.regulator.lifecycle import LIFECYCLE
from hospital.regulator.messages.message import written
from hospital.regulator.models import Upload
from hospital.regulator.services.steps import alarm, take_step

LEASE: Final = timedelta(seconds=60)  # longer than any call may last
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
TOO_EARLY: Final = 3001  # what must come before is missing there
TOO_EARLY_TRIES: Final = 5
DATA_ERRORS: Final = range(2000, 4000)
ALARM_AFTER: Final = 8  # tries, some forty minutes
VERSION: Final = 1  # of the schemas


def upload_next(*, at: datetime) -> bool:
    """Send the message that may go next. Not atomic: no transaction is open during the call.

    Whether there was one. Whatever dies in between, the claim runs out and the message goes again;
    the receiver knows it by its business id and content, so it has one effect.
    """
    upload = _ask(at=at)
    if upload is None:
        return False
    answer = gateways.send(_envelope(upload), at=at)
    _settle(upload, answer, at=at)
    return True


@transaction.atomic
def _ask(*, at: datetime) -> Upload | None:
    """Claim a message for as long as a call may last; None where none is due."""
    if selectors.line_is_silent(at):
        return None
    upload = selectors.next_due(at)
    if upload is not None:
        upload.tried_at, upload.due_at = at, at + LEASE
        upload.save(update_fields=["tried_at", "due_at"])
    return upload


def _envelope(upload: Upload) -> dict[str, Any]:
    return {
        "msgId": str(upload.public_id),
        "schema": f"{upload.schema}/{VERSION}",
        "orgCode": settings.REGULATOR_ORG_CODE,
        "regNo": settings.REGULATOR_REG_NO,
        "op": upload.op,
        "bizId": upload.biz_id,
        "bizTime": written(upload.biz_time),
        "seq": upload.seq,
        "payload": json.loads(upload.payload),
        "prevHash": selectors.digest_before(upload),
        "hash": upload.digest,
    }


@transaction.atomic
def _settle(upload: Upload, answer: Answer, *, at: datetime) -> None:
    """Write down what was answered; nothing where another worker already has."""
    upload = selectors.locked(upload)
    if (upload.state, "acknowledge") not in LIFECYCLE.steps:
        return
    again = (upload.code == TOO_EARLY) == (answer.code == TOO_EARLY)
    upload.tries = upload.tries + 1 if again else 1
    upload.code, upload.error = answer.code, answer.words[:200]
    if answer.is_accepted:
        upload.acknowledged_at, upload.receipt, upload.error = at, answer.receipt, ""
        take_step("acknowledge", upload, by=None, at=at, receipt=answer.receipt)
    elif _is_hopeless(upload):
        take_step("quarantine", upload, by=None, at=at)
        alarm(upload, at=at)
    else:
        _hold(upload, at=at)


def _is_hopeless(upload: Upload) -> bool:
    """An error of the data, which only a person can mend."""
    if upload.code == TOO_EARLY:
        return upload.tries >= TOO_EARLY_TRIES
    return upload.code in DATA_ERRORS


def _hold(upload: Upload, *, at: datetime) -> None:
    """Try again later, longer each time."""
    upload.due_at = at + min(FIRST_WAIT * 2 ** min(upload.tries - 1, 12), LONGEST_WAIT)
    upload.save()
    if upload.tries == ALARM_AFTER:
        alarm(upload, at=at)
