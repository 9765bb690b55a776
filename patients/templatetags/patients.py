"""The words of the e-record's pages. `{% load patients %}`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.kernel import documents
from patients.facts import KnownAllergy
from patients.forms.steps import CONTACT, INSURANCE

register = template.Library()

_SEXES: Final = {"male": gettext_lazy("男"), "female": gettext_lazy("女")}
_RELATIONS: Final = {
    "self": gettext_lazy("本人"),
    "child": gettext_lazy("子女"),
    "parent": gettext_lazy("父母"),
    "spouse": gettext_lazy("配偶"),
    "other": gettext_lazy("家人"),
    "helper": gettext_lazy("代办"),
}
_SOURCES: Final = {
    "ours": gettext_lazy("线上处方"),
    "his": gettext_lazy("医院处方"),
    "self": gettext_lazy("本人告知"),
}
_STATES: Final = {
    "open": gettext_lazy("没有填"),
    "answered": gettext_lazy("已填"),
    "skipped": gettext_lazy("已跳过"),
    "stale": gettext_lazy("要重新填"),
}
_REACTIONS: Final = {
    "mild": gettext_lazy("轻微反应"),
    "severe": gettext_lazy("严重反应"),
    "anaphylaxis": gettext_lazy("曾过敏性休克"),
}


@register.filter
def sex(code: str) -> str | Promise:
    return _SEXES[code]


@register.filter
def relation(code: str) -> str | Promise:
    return _RELATIONS[code]


@register.filter
def called(code: str, names: Mapping[str, str]) -> str:
    """What the code of a department is called; the code where nobody practises there now."""
    return names.get(code, code)


@register.filter
def step_state(state: str) -> str | Promise:
    return _STATES[state]


@register.filter
def document(kind: str) -> str | Promise:
    return documents.KINDS[kind]


@register.filter
def masked_id(number: str) -> str:
    return documents.masked(number)


@register.filter
def allergy_note(allergy: KnownAllergy) -> str:
    """How bad, and who says so. What the hospital left open is treated as severe."""
    if allergy.source == "his":
        return (
            _("医院记录")
            if allergy.reaction == "severe"
            else _("医院记录，%(how)s") % {"how": _REACTIONS[allergy.reaction]}
        )
    return _("本人告知，%(how)s") % {"how": _REACTIONS[allergy.reaction]}


@register.filter
def medicine_source(source: str) -> str | Promise:
    return _SOURCES[source]


@register.filter
def insurance(kind: str) -> str | Promise:
    return INSURANCE[kind]


@register.filter
def contact(relation: str) -> str | Promise:
    return CONTACT[relation]


@register.filter
def flag_word(flag: str) -> str:
    return {"high": _("偏高"), "low": _("偏低"), "abnormal": _("异常")}.get(flag, "")


@register.simple_tag(takes_context=True)
def way_to(context: template.Context, name: str, thing: Any = None, asked: str = "") -> str:
    """The address of a page about reports, for patients or under the record that is read."""
    own = [thing.public_id] if thing is not None else []
    if not context.get("is_clinic"):
        path, asking = reverse(f"patients:{name}", args=own), [asked]
        if thing is None:
            asking.append(f"patient={context['patient'].public_id}")
    else:
        path = reverse(f"patients:clinic-{name}", args=[context["patient"].public_id, *own])
        asking = [context["carried"], asked]
    query = "&".join(filter(None, asking))
    return f"{path}?{query}" if query else path


@register.filter
def plain(value: Decimal) -> str:
    """`5.4000` → `5.4`."""
    return f"{value.normalize():f}"
