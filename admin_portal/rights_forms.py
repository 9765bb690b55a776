"""What medical affairs write on the pages of their own: a draft of a text, a seal."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.purposes import PURPOSES


class DraftForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("哪一类"), choices=[(each.kind, each.what) for each in PURPOSES]
    )
    title = forms.CharField(label=gettext_lazy("中文标题"), max_length=80)
    body = forms.CharField(
        label=gettext_lazy("中文全文"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    body_en = forms.CharField(
        label=gettext_lazy("英文全文"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("第一行是英文标题。"),
    )
    recipient = forms.CharField(
        label=gettext_lazy("提供给哪家公司"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("快递同意书必填，要和系统里的快递公司名称一致。"),
    )
    contact = forms.CharField(
        label=gettext_lazy("这家公司的联系方式"), max_length=80, required=False
    )

    def begin(self, *, by: Any, at: datetime) -> None:
        services.write_draft(by=by, at=at, **self.cleaned_data)


class HoldForm(forms.Form):
    """By the numbers that stand in the back office: no name is needed."""

    patient = forms.UUIDField(label=gettext_lazy("患者编号"))
    stream = forms.UUIDField(
        label=gettext_lazy("就诊编号"),
        required=False,
        help_text=gettext_lazy("只封存这一次就诊；不填就封存全部病历。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def begin(self, *, by: Any, at: datetime) -> None:
        patient = selectors.by_public_id(self.cleaned_data["patient"])
        if patient is None:
            raise Refused(_("没有这位患者，请核对编号。"), code="patient-unknown")
        services.place_hold(
            patient,
            stream=self.cleaned_data["stream"],
            reason=self.cleaned_data["reason"],
            by=by,
            at=at,
        )
