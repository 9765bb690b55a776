"""Times as people say them."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from hospital.kernel.calendar import full_months, full_years


def moment(at: datetime | None) -> str:
    """今天 14:20, 11 月 3 日 09:05, and with the year where it is another one."""
    if at is None:
        return ""
    here, today = localtime(at), localdate()
    clock = date_format(here, "H:i")
    if here.date() == today:
        return _("今天 %(clock)s") % {"clock": clock}
    day = date_format(here, _("n 月 j 日") if here.year == today.year else _("Y 年 n 月 j 日"))
    return f"{day} {clock}"


def age(birth: date, at: datetime | None = None) -> str:
    """How old somebody born then is today, or was at that moment."""
    return age_said(birth, localdate(at))


def age_said(birth: date, on: date) -> str:
    """An age as people say it: full years; under one year months, under one month days."""
    if (years := full_years(birth, on)) >= 1:
        return _("%(years)s 岁") % {"years": years}
    if (months := full_months(birth, on)) >= 1:
        return _("%(months)s 个月") % {"months": months}
    return _("%(days)s 天") % {"days": (on - birth).days}
