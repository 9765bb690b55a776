"""A person has mended the data that a message was refused for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.kernel import jobs
from hospital.kernel.canonical import canonical
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, require
from hospital.regulator import selectors
from hospital.regulator.lifecycle import LIFECYCLE
from hospital.regulator.messages import message_of
from hospital.regulator.models import Upload
from hospital.regulator.news import News
from hospital.regulator.permissions import may_mend
from hospital.regulator.services.steps import take_step
from hospital.regulator.sm3 import sm3


@transaction.atomic
def mend(upload: Upload, *, by: Any, at: datetime, why: str) -> Upload:
    """Make the message anew from its event, its number kept, and let it go again. IT only."""
    upload = selectors.locked(upload)
    require(may_mend(by), _("只有信息中心可以重新上报。"))
    LIFECYCLE.after(upload.state, "mend")
    if not (note := prose(why, limit=200)):
        raise Refused(_("请写明处理了什么。"), code="reason-missing")
    message = message_of(News.of_upload(upload))
    assert message is not None, "a message was made of it before"
    upload.payload = canonical(message.payload)
    upload.digest = sm3(upload.payload.encode())
    upload.note = note
    upload.due_at, upload.tries, upload.code, upload.error = at, 0, None, ""
    take_step("mend", upload, by=by, at=at)
    jobs.after_commit("regulator.upload")
    return upload
