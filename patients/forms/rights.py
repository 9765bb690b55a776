"""Asking for a correction, and saying once more that one wants to go."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from patients.models import Patient


class CorrectionForm(forms.Form):
    """For whom, and what is wrong."""

    patient = forms.ChoiceField(label=_("就诊人"))
    what = forms.CharField(
        label=_("哪里不对，应该是什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("请写明是哪一次就诊、哪一项。病历不会被覆盖，更正会附在原来的记录后面。"),
    )

    def __init__(self, *args: Any, patients: QuerySet[Patient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["patient"].choices = [  # type: ignore[attr-defined]
            (str(each.public_id), each.name) for each in patients
        ]


class LeavingForm(forms.Form):
    sure = forms.BooleanField(
        label=_("我看过上面的说明，确定要注销"),
        error_messages={"required": _("请先看过说明，再勾选确定。")},
    )
