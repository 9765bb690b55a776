"""What doctors fill in about their work. The forms check shape; `services` decides."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from doctors.models import Hours
from hospital.kernel.normalise import folded, whole
from hospital.kernel.refusals import Refused

_CLOCK = re.compile(r"(2[0-4]|[01]?[0-9])[:：]([0-5][0-9])")


def _read(reader: Callable[[str], int], text: str) -> int:
    """What `reader` makes of what was typed; its refusal becomes the field's error."""
    try:
        return reader(folded(text))
    except Refused as refusal:
        raise forms.ValidationError(refusal.message) from refusal


class ServiceForm(forms.Form):
    """One module: on or off, its price of the list, how many a day. What is left out stays."""

    is_on = forms.BooleanField(required=False)
    price_code = forms.CharField(max_length=24, required=False)
    daily_quota = forms.CharField(max_length=6, required=False)

    def clean_price_code(self) -> str | None:
        return self.cleaned_data["price_code"] or None

    def clean_daily_quota(self) -> int | None:
        given = self.cleaned_data["daily_quota"]
        return _read(whole, given) if given or "daily_quota" in self.data else None


class HoursForm(forms.Form):
    """A window of a weekday, opened or closed."""

    weekday = forms.IntegerField(min_value=1, max_value=7)
    opens = forms.CharField(max_length=8)
    closes = forms.CharField(max_length=8)
    is_open = forms.BooleanField(required=False)

    def clean_opens(self) -> int:
        return _minutes(self.cleaned_data["opens"])

    def clean_closes(self) -> int:
        return _minutes(self.cleaned_data["closes"]) or Hours.DAY


def _minutes(text: str) -> int:
    match = _CLOCK.fullmatch(folded(text))
    if match is None or (folded(text).startswith("24") and match.group(2) != "00"):
        raise forms.ValidationError(_("请填写时间，例如 8:30。"))
    return int(match.group(1)) * 60 + int(match.group(2))


class LeaveForm(forms.Form):
    starts_on = forms.DateField()
    ends_on = forms.DateField()


class PromisesForm(forms.Form):
    """How soon one answers, and how many waiting stop new orders; none: never by itself."""

    reply_minutes = forms.CharField(max_length=6)
    pause_at = forms.CharField(max_length=6, required=False)

    def clean_reply_minutes(self) -> int:
        return _read(whole, self.cleaned_data["reply_minutes"])

    def clean_pause_at(self) -> int | None:
        given: str = self.cleaned_data["pause_at"]
        return _read(whole, given) if given.strip() else None


def first_error(form: forms.Form) -> str:
    """The first thing that is wrong, in a sentence."""
    errors: Any = form.errors
    return str(next(iter(errors.values()))[0])
