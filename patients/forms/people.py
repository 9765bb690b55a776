"""Of the e-record: who, what the rules ask, where to send."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.kernel import identity, normalise
from hospital.kernel.refusals import Refused
from patients.models import Patient
from patients.services import health

RELATIONS = [
    ("self", _("本人")),
    ("child", _("子女（18 岁以下）")),
    ("parent", _("父母")),
    ("spouse", _("配偶")),
    ("other", _("其他家人")),
]
REACTIONS = [
    ("mild", _("轻：皮疹、发痒")),
    ("severe", _("重：气喘、水肿")),
    ("anaphylaxis", _("休克，抢救过")),
]
YES_NO_UNKNOWN = [("no", _("没有")), ("yes", _("怀孕中")), ("unknown", _("不确定"))]
LIVER = [
    ("normal", _("正常，或没有查过")),
    ("impaired", _("肝功能不好")),
    ("severe", _("肝硬化或肝功能严重不好")),
]
FERTILE = range(12, 56)  # as the prescription rules ask
LINES = 4  # of allergies on the page; more can be added by saving and coming back


class PersonForm(forms.Form):
    """Who: name, number, relation; for an adult of the family also their phone and its code."""

    relation = forms.ChoiceField(label=_("与您的关系"), choices=RELATIONS)
    name = forms.CharField(
        label=_("姓名"),
        max_length=64,
        help_text=_("与身份证一致，生僻字和“·”都可以填。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
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

    def clean_id_number(self) -> str:
        return identity.normalise(self.cleaned_data["id_number"])


class HealthForm(forms.Form):
    """What the prescription rules ask. Allergies must be answered, if only with “none”."""

    has_allergies = forms.ChoiceField(
        label=_("对药物或食物过敏吗"),
        choices=[("no", _("没有过敏")), ("yes", _("有过敏，请在下面填写"))],
        widget=forms.RadioSelect,
    )
    pregnancy = forms.ChoiceField(
        label=_("怀孕"), choices=YES_NO_UNKNOWN, required=False, widget=forms.RadioSelect
    )
    is_lactating = forms.BooleanField(label=_("正在哺乳"), required=False)
    weight_kg = forms.CharField(
        label=_("体重（公斤）"),
        required=False,
        max_length=8,
        help_text=_("14 岁以下的孩子请一定填写，医生要按体重算药量。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    liver = forms.ChoiceField(label=_("肝功能"), choices=LIVER)
    history = forms.CharField(
        label=_("既往史"),
        required=False,
        max_length=4000,
        help_text=_("得过什么大病、做过什么手术、家里有什么遗传病。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, patient: Patient, *args: Any, age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(LINES):
            self.fields[f"to_{number}"] = forms.CharField(
                label=_("对什么过敏"),
                required=False,
                max_length=60,
                widget=forms.TextInput(attrs={"placeholder": " "}),  # the style sheet asks for it
            )
            self.fields[f"reaction_{number}"] = forms.ChoiceField(
                label=_("反应"), required=False, choices=REACTIONS
            )
        is_told = patient.pregnancy == "yes" or patient.is_lactating
        if patient.sex == "male" or (age not in FERTILE and not is_told):
            del self.fields["pregnancy"], self.fields["is_lactating"]

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        return [(self[f"to_{n}"], self[f"reaction_{n}"]) for n in range(LINES)]

    def clean_weight_kg(self) -> Decimal | None:
        try:
            return health.kilograms(self.cleaned_data["weight_kg"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        lines = [(told.get(f"to_{n}"), told.get(f"reaction_{n}")) for n in range(LINES)]
        told["allergies"] = [{"to": to, "reaction": why or "mild"} for to, why in lines if to]
        answer = told.get("has_allergies")
        if answer == "yes" and not told["allergies"]:
            self.add_error("to_0", _("请写下对什么过敏。"))
        if answer == "no" and told["allergies"]:
            self.add_error("has_allergies", _("下面填了过敏，这里请选“有过敏”。"))
        return told


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
