"""The words templates are written in, beyond Django's own. Built in: no `{% load %}` needed."""

import uuid
from typing import Any

from django import template
from django.templatetags.static import do_static, static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hospital.kernel import money
from hospital.kernel.idempotency import FIELD
from hospital.kernel.normalise import masked_name, masked_phone
from hospital.kernel.sentences import said
from hospital.web import acting, charts
from hospital.web.agents import device_name
from hospital.web.faces import face_of, label_of, says
from hospital.web.times import age, moment

register = template.Library()
register.tag("static", do_static)
for chart in (charts.labchart, charts.bars, charts.sparkline, charts.yearchart):
    register.simple_tag(chart)
for words in (
    money.yuan,
    money.short_yuan,
    masked_name,
    masked_phone,
    device_name,
    face_of,
    label_of,
    said,
    says,
    moment,
    age,
):
    register.filter(words)


@register.simple_tag
def icon(name: str, cls: str = "", label: str = "") -> SafeString:
    """`{% icon "bell" %}`; with a label where the icon stands alone."""
    shape = '<svg class="icon {}" {}><use href="{}#{}"></use></svg>'
    said = format_html('role="img" aria-label="{}"', label) if label else _HIDDEN
    return format_html(shape, cls, said, static("web/img/icons.svg"), name)


@register.simple_tag
def status(thing: Any, cls: str = "") -> SafeString:
    """The chip of a state: a Face, or anything with a `face`. Templates never pick the colour."""
    face = face_of(thing)
    chip = '<span class="chip chip--{} {}">{}{}</span>'
    return format_html(chip, face.tone, cls, icon(face.icon), label_of(face))


@register.simple_tag(takes_context=True)
def acting_bar(context: template.Context) -> acting.Bar | None:
    """For whom this page is, where that is somebody else (hospital.web.acting)."""
    return acting.bar({str(name): thing for name, thing in context.flatten().items()})


@register.simple_tag
def price(fen: int) -> SafeString:
    return format_html('<span class="price"><small>¥</small>{}</span>', money.short_yuan(fen))


@register.simple_tag
def once() -> SafeString:
    """A hidden key: the same form sent twice has one effect (`hospital.kernel.idempotency`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


@register.simple_tag
def fragment(name: str, *args: Any) -> SafeString:
    """A place that a higher room's fragment fills, by URL name; nothing where there is none."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return SafeString("")
    return format_html('<div hx-get="{}" hx-trigger="load" hx-swap="outerHTML"></div>', address)


_HIDDEN = SafeString('aria-hidden="true"')
