"""How this room's times and people read in its templates."""

from datetime import timedelta
from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospital.kernel.normalise import masked_name

register = template.Library()
register.filter("masked_name", masked_name)

_RELATIONS: Final[dict[str, Promise]] = {
    "self": gettext_lazy("本人"),
    "child": gettext_lazy("子女"),
    "parent": gettext_lazy("父母"),
    "spouse": gettext_lazy("配偶"),
    "other": gettext_lazy("其他家人"),
}


@register.filter
def relation(code: str) -> str:
    return str(_RELATIONS.get(code, ""))


@register.filter
def spell(left: timedelta) -> str:
    """`21 小时 14 分`, never below zero."""
    hours, minutes = divmod(max(int(left.total_seconds()), 0) // 60, 60)
    if not hours:
        return _("%(minutes)s 分钟") % {"minutes": minutes}
    return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}


@register.filter
def ago(since: timedelta) -> str:
    """`2 分钟`, `3 小时`, `2 天`: how long something has lasted, as a list shows it."""
    minutes = max(int(since.total_seconds()) // 60, 0)
    if not minutes:
        return _("刚刚")
    if minutes < 60:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s 小时", "%(n)s 小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s 天", "%(n)s 天", minutes // 1440) % {"n": minutes // 1440}
