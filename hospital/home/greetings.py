"""What to say at which time of day."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.kernel.calendar import BEIJING

_TIMES: tuple[tuple[int, str | Promise], ...] = (
    (5, _("夜深了")),
    (9, _("早上好")),
    (12, _("上午好")),
    (14, _("中午好")),
    (18, _("下午好")),
    (24, _("晚上好")),
)


def greeting(at: datetime) -> str | Promise:
    hour = at.astimezone(BEIJING).hour
    return next(words for until, words in _TIMES if hour < until)
