"""How things read in a table of the back office: chips, money, names that are masked."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib.admin import display
from django.contrib.admin.utils import display_for_value
from django.db.models import BooleanField, Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from admin_portal.words import COLUMNS
from hospital.accounts.access import ENTRIES
from hospital.kernel import context
from hospital.kernel.lifecycle import Face
from hospital.kernel.money import yuan
from hospital.kernel.normalise import masked_name
from hospital.web.faces import face_of, label_of

NOTHING: Final = "—"


def column(model: type[Model], name: str) -> Callable[[Any], Any]:
    """A column of the model under its word, as people read its value."""
    field = model._meta.get_field(name)
    reader = f"get_{name}_display" if getattr(field, "choices", None) else ""
    is_boolean = isinstance(field, BooleanField)

    def shown(row: Any) -> Any:
        value = getattr(row, reader)() if reader else getattr(row, name)
        return value if is_boolean else display_for_value(value, NOTHING)

    shown.__name__ = name
    return display(description=COLUMNS[name], boolean=is_boolean or None)(shown)


@display(description=_("状态"))
def state(row: Any) -> SafeString:
    return chip(face_of(row))


def chip(face: Face) -> SafeString:
    return format_html('<span class="chip chip--{}">{}</span>', face.tone, label_of(face))


@display(description=_("患者"))
def patient(row: Any) -> str:
    """`王**`: who, to somebody who knows already; leads to where one may ask for more."""
    masked = masked_name(row.patient.name)
    if context.current().role not in ENTRIES["patient.masked"].roles:
        return masked
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:patient", args=[row.patient.public_id]), masked
    )


def opened(name: str) -> Callable[[Any], str]:
    """Words that stand sealed, read by whom the table is for; never what identifies a patient."""

    @display(description=COLUMNS[name])
    def shown(row: Any) -> str:
        return str(getattr(row, name)) or NOTHING

    shown.__name__ = f"opened_{name}"
    return shown


@display(description=_("就诊"))
def case(row: Any) -> SafeString:
    """The visit that a row belongs to."""
    return visit(getattr(row, "stream", None) or row.consultation.public_id)


def visit(public_id: UUID) -> SafeString:
    """A visit, leading to its timeline whoever may read that."""
    if context.current().role not in ENTRIES["admin.case"].roles:
        return format_html("{}", public_id)
    return format_html('<a href="{}">{}</a>', reverse("admin:case", args=[public_id]), public_id)


def money(column: str, says: Any) -> Callable[[Any], str]:
    @display(description=says)
    def shown(row: Any) -> str:
        return f"¥{yuan(getattr(row, column))}"

    shown.__name__ = column.removesuffix("_fen")
    return shown
