"""Doses in templates: `{{ line|sig }}` for clinicians, `{{ line|for_patient }}` in plain words."""

from decimal import Decimal

from django import template

from prescriptions import wording
from prescriptions.models import Line
from prescriptions.pharmacy import medicine_of

register = template.Library()
register.filter("frequency", wording.frequency)
register.filter("route", wording.route)


@register.filter
def dose(amount: Decimal | None, unit: str) -> str:
    return wording.dose(amount, unit)


@register.filter
def sig(line: Line) -> str:
    return wording.sig(line.dose, line.dose_unit, line.frequency, line.route)


@register.filter
def for_patient(line: Line) -> str:
    medicine = medicine_of(line.drug)
    return wording.for_patient(medicine, line.dose, line.dose_unit, line.frequency, line.route)
