"""What the holder of a licence is told about it."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop as _

from doctors.models import Credential
from hospital.notifications.services import notify

_NEWS: Final = {
    "approve": (_("资质已通过"), _("您的执业资质已通过审核，可以开始工作。")),
    "refuse": (_("资质未通过"), _("您的执业资质没有通过审核：%(why)s")),
    "suspend": (_("资质已暂停"), _("您的执业资质已暂停：%(why)s")),
    "restore": (_("资质已恢复"), _("您的执业资质已恢复，可以继续接诊。")),
}


def tell(credential: Credential, step: str, *, at: datetime, cause: int) -> None:
    """A notice in the holder's inbox; none where a renewal lets the earlier licence lapse."""
    if step not in _NEWS:
        return
    title, body = _NEWS[step]
    notify(
        credential.clinician.user,
        kind=f"credential.{step}",
        title=title,
        body=body,
        names={"why": credential.why},
        at=at,
        link="/doctor/account/",
        cause=cause,
    )
