"""Of break-glass, and of letting a doctor in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from patients.colleagues import Colleague
from patients.models import Glass
from patients.models.shares import LONGEST

DAYS: Final = (7, 30, 90, LONGEST.days)  # offered; the policy's own is chosen already


class GlassForm(forms.Form):
    """Whose record, by the document's number alone, and why."""

    id_number = forms.CharField(
        label=_("患者的身份证号"),
        max_length=40,
        help_text=_("按证件逐位填写。不能按姓名查。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    reason = forms.ChoiceField(
        label=_("理由"), choices=Glass.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("具体情况"),
        max_length=500,
        help_text=_("至少 10 个字，例如患者在哪里、出了什么事。医务处复核时会看。"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ShareForm(forms.Form):
    """Which of the doctors found, and for how many days."""

    doctor = forms.ChoiceField(label=_("医生"), widget=forms.RadioSelect)
    days = forms.TypedChoiceField(label=_("看多久"), coerce=int, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, found: Sequence[Colleague], days: int, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(who.user), f"{who.name} {who.title} · {who.department}") for who in found]
        offered = [(n, _until(at, n)) for n in sorted({*DAYS, days})]
        self._choices("doctor", names)
        self._choices("days", offered)
        self.initial.setdefault("days", days)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _until(at: datetime, days: int) -> Any:
    day = localtime(at + timedelta(days=days))
    return _("%(days)s 天，到 %(year)s 年 %(month)s 月 %(day)s 日") % {
        "days": days,
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }
