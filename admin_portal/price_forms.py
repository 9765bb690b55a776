"""What the back office asks about the price list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_portal.forms import ReasonForm
from doctors.models import PRICED, Price, Title
from hospital.kernel import money
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PriceForm(forms.Form):
    """A line for the list."""

    code = forms.CharField(label=_("编码"), max_length=24)
    kind = forms.ChoiceField(label=_("服务"), choices=[(each.value, each.label) for each in PRICED])
    titles = forms.MultipleChoiceField(
        label=_("适用职称"),
        choices=Title.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个也不选，就是所有职称都可以用。"),
    )
    name = forms.CharField(label=_("名称"), max_length=64)
    name_en = forms.CharField(label=_("英文名称"), max_length=96)
    price_fen = forms.CharField(
        label=_("价格（元/次）"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    starts_on = forms.DateField(
        label=_("从哪天起"), widget=_day(), help_text=_("今天或以后；价格不能倒签。")
    )

    def clean_price_fen(self) -> int:
        try:
            return money.fen(folded(self.cleaned_data["price_fen"]))
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class EndingForm(ReasonForm):
    """From which day a line is asked no more, and why."""

    ends_on = forms.DateField(
        label=_("从哪天起停用"),
        widget=_day(),
        help_text=_("这一天就不再使用；已经下单的不受影响。"),
    )
    field_order = ("ends_on", "why")

    def __init__(self, *args: Any, row: Price | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
