"""The words templates are written in, beyond Django's own. Built in: no `{% load %}` needed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import template
from django.templatetags.static import do_static, static
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hospital.kernel import money
from hospital.kernel.idempotency import FIELD
from hospital.kernel.lifecycle import Face
from hospital.web import charts
from hospital.web.agents import device_name

register = template.Library()
register.tag("static", do_static)
register.simple_tag(charts.line, name="labchart")
register.simple_tag(charts.bars, name="bars")
register.filter("device_name", device_name)


@register.simple_tag
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """`{% icon "bell" %}`; with a label where the icon stands alone."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"></use></svg>', cls, said, static("web/img/icons.svg"), name
    )


@register.simple_tag
def status(thing: Any, cls: str = "") -> SafeString:
    """The chip of a state: a Face, or anything with a `face`. Templates never pick the colour."""
    face: Face = thing if isinstance(thing, Face) else thing.face
    return format_html('<span class="chip chip--{} {}">{}{}</span>', face.tone, cls, icon(face.icon), label_of(face))


@register.filter
def label_of(face: Face) -> str:
    return face.label_en if in_english() else face.label


@register.simple_tag
def sparkline(values: str | Sequence[float], tone: str = "brand") -> SafeString:
    numbers = [float(value) for value in values.split(",")] if isinstance(values, str) else values
    return charts.spark(numbers, tone=tone)


@register.simple_tag
def price(fen: int) -> SafeString:
    return format_html('<span class="price"><small>¥</small>{}</span>', money.short_yuan(fen))


@register.simple_tag
def once() -> SafeString:
    """A hidden key: the same form sent twice has one effect (`hospital.kernel.idempotency`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def fragment(name: str, *args: Any) -> SafeString:
    """A place that a higher room's fragment fills, by URL name; nothing while there is no such room."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return SafeString("")
    return format_html('<div hx-get="{}" hx-trigger="load" hx-swap="outerHTML"></div>', address)


@register.filter
def yuan(fen: int) -> str:
    return money.yuan(fen)


@register.filter
def short_yuan(fen: int) -> str:
    return money.short_yuan(fen)


@register.filter
def masked_phone(phone: str) -> str:
    """`13800006620` → `138****6620`."""
    return f"{phone[:3]}****{phone[-4:]}"


@register.filter
def moment(at: Any) -> str:
    """A time as people say it: 今天 14:20, 11 月 3 日 09:05, with the year where it is another."""
    here, today = localtime(at), localdate()
    clock = date_format(here, "H:i")
    if here.date() == today:
        return _("今天 %(clock)s") % {"clock": clock}
    day = date_format(here, _("n 月 j 日") if here.year == today.year else _("Y 年 n 月 j 日"))
    return f"{day} {clock}"


@register.filter
def says(finding: Any) -> str:
    """The sentence of a rule's finding in the reader's language."""
    return str(finding.says_en if in_english() else finding.says)


@register.filter
def face_of(severity: str) -> Face:
    return _SEVERITIES[str(severity)]


def in_english() -> bool:
    return (get_language() or "").startswith("en")


_SEVERITIES = {
    "block": Face("不能继续", "Not possible", "danger", "octagon-alert"),
    "reason": Face("须说明理由", "Needs a reason", "warn", "triangle-alert"),
    "info": Face("提示", "Note", "info", "info"),
}
