"""Of the e-record: who, what the rules ask, where to send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.kernel import documents, normalise
from hospital.kernel.refusals import Refused
from patients.services import answering

RELATIONS = [
    ("self", _("本人")),
    ("child", _("子女（18 岁以下）")),
    ("parent", _("父母")),
    ("spouse", _("配偶")),
    ("other", _("其他家人")),
    ("helper", _("替对方代办（对方本人同意）")),
]
SEXES = [("", _("请选择")), ("female", _("女")), ("male", _("男"))]


class PersonForm(forms.Form):
    """Who: name, document, relation; for an adult of the family also their phone and its code."""

    relation = forms.ChoiceField(label=_("与您的关系"), choices=RELATIONS)
    name = forms.CharField(
        label=_("姓名"),
        max_length=64,
        help_text=_("与身份证一致，生僻字和“·”都可以填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_kind = forms.ChoiceField(
        label=_("证件类型"),
        choices=list(documents.KINDS.items()),
        initial=documents.ID_CARD,
        required=False,
    )
    id_number = forms.CharField(
        label=_("证件号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    birth_date = forms.CharField(
        label=_("出生日期"),
        required=False,
        max_length=16,
        help_text=_("身份证、居住证不用填，号码里有。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    phone = forms.CharField(
        label=_("家人的手机号"),
        required=False,
        max_length=32,
        help_text=_("成年家人请填他们在医院登记的手机号，我们会发一条验证码；本人和孩子不用填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    code = forms.CharField(
        label=_("家人收到的验证码"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return _tried(normalise.phone, typed) if typed else ""

    def clean_code(self) -> str:
        return normalise.folded(self.cleaned_data["code"]).replace(" ", "")

    def clean_id_kind(self) -> str:
        return self.cleaned_data["id_kind"] or documents.ID_CARD

    def clean_birth_date(self) -> Any:
        try:
            return answering.day(self.cleaned_data["birth_date"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class AddressForm(forms.Form):
    name = forms.CharField(label=_("收件人"), max_length=64)
    phone = forms.CharField(
        label=_("手机号"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    region = forms.CharField(
        label=_("省、市、区"), max_length=64, help_text=_("例如：北京市海淀区")
    )
    detail = forms.CharField(label=_("街道和门牌号"), max_length=120)

    def clean_name(self) -> str:
        return _tried(normalise.name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return _tried(normalise.phone, self.cleaned_data["phone"])


def _tried(normal: Any, typed: str) -> str:
    try:
        return str(normal(typed))
    except Refused as refusal:
        raise forms.ValidationError(refusal.message) from refusal
