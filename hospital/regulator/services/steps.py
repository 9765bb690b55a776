"""The only line that assigns the state of an upload, and the word to those who watch over it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from audit import services as audit
from hospital.notifications import services as notifications
from hospital.regulator import selectors
from hospital.regulator.lifecycle import LIFECYCLE
from hospital.regulator.models import Upload


def take_step(step: str, upload: Upload, *, by: Any, at: datetime, **facts: Any) -> None:
    """Move along the lifecycle and say so in the trail, or do neither."""
    before = upload.state
    upload.state = LIFECYCLE.after(before, step)
    upload.save()
    audit.record(
        f"regulator.{step}",
        by=by,
        on=upload,
        at=at,
        stream=upload.stream,
        before=before,
        after=upload.state,
        schema=upload.schema,
        seq=upload.seq,
        code=upload.code,
        **facts,
    )


def alarm(upload: Upload, *, at: datetime) -> None:
    for user in selectors.it_staff():
        notifications.notify(
            user,
            kind="regulator.trouble",
            title=_("监管上报需要处理"),
            body=_("%(schema)s 第 %(tries)s 次没有成功（代码 %(code)s），请到管理后台查看。"),
            names={
                "schema": upload.schema,
                "tries": str(upload.tries),
                "code": str(upload.code or "-"),
            },
            at=at,
            link=reverse("admin:regulator_upload_change", args=[upload.pk]),
        )
