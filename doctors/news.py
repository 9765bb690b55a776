"""What somebody is told about their licence and their privileges."""

from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_noop as _

from doctors.models import Credential, Privilege
from hospital.notifications.services import notify

_NEWS: Final = {
    "approve": (_("资质已通过"), _("您的执业资质已通过审核，可以开始工作。")),
    "refuse": (_("资质未通过"), _("您的执业资质没有通过审核：%(why)s")),
    "suspend": (_("资质已暂停"), _("您的执业资质已暂停：%(why)s")),
    "restore": (_("资质已恢复"), _("您的执业资质已恢复，可以继续接诊。")),
    "lapse": (_("资质已到期"), _("您的执业资质已经到期，不能再接诊和签名。请提交新的证书。")),
}


def tell(credential: Credential, step: str, *, at: datetime, cause: int) -> None:
    """A notice in the holder's inbox; none of what they did themselves."""
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


_NEWS_OF_PRIVILEGES: Final = {
    "grant": (_("权限已授予"), _("您获得了一项执业权限：%(what)s，到 %(day)s 为止。")),
    "refuse": (_("权限未授予"), _("您申请的执业权限没有授予：%(what)s。%(why)s")),
    "suspend": (_("权限已暂停"), _("您的执业权限已暂停：%(what)s。%(why)s")),
    "restore": (_("权限已恢复"), _("您的执业权限已恢复：%(what)s。")),
    "end": (_("权限已结束"), _("您的执业权限已结束：%(what)s。%(why)s")),
}


def tell_of_privilege(privilege: Privilege, step: str, *, at: datetime, cause: int) -> None:
    """A notice in the holder's inbox; none of what they did themselves."""
    if step not in _NEWS_OF_PRIVILEGES:
        return
    title, body = _NEWS_OF_PRIVILEGES[step]
    notify(
        privilege.clinician.user,
        kind=f"privilege.{step}",
        title=title,
        body=body,
        names={
            "what": _named(privilege),
            "day": privilege.ends_on.isoformat(),
            "why": privilege.why,
        },
        at=at,
        link="/doctor/account/",
        cause=cause,
    )


def _named(privilege: Privilege) -> str:
    """Its message id, which whoever reads the notice finds in their own language."""
    with translation.override(None):
        return str(privilege.get_kind_display())
