"""What clinicians fill in about their work. The forms check shape; `services` decides."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician, Service
from hospital.kernel import money
from hospital.kernel.normalise import folded, whole
from hospital.kernel.refusals import Refused


def _read(reader: Callable[[str], int], text: str) -> int:
    """What `reader` makes of what was typed; its refusal becomes the field's error."""
    try:
        return reader(folded(text))
    except Refused as refusal:
        raise forms.ValidationError(refusal.message) from refusal


class ServiceForm(forms.Form):
    """One service: on or off, its price and how many a day."""

    is_on = forms.BooleanField(label=_("提供这项服务"), required=False)
    price = forms.CharField(
        label=_("价格（元/次）"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    daily_quota = forms.CharField(
        label=_("每天最多接几位"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_price(self) -> int:
        return _read(money.fen, self.cleaned_data["price"])

    def clean_daily_quota(self) -> int:
        return _read(whole, self.cleaned_data["daily_quota"])

    @staticmethod
    def of(service: Service | None) -> dict[str, Any]:
        """How the form begins."""
        if service is None:
            return {"is_on": False, "price": "", "daily_quota": "30"}
        price = money.short_yuan(service.price_fen)
        return {"is_on": service.is_on, "price": price, "daily_quota": str(service.daily_quota)}


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CredentialForm(forms.Form):
    """A licence, as it stands on the certificates."""

    qualification_no = forms.CharField(
        label=_("医师资格证书编码"), max_length=40, help_text=_("27 位，早年的为 24 位。")
    )
    practice_no = forms.CharField(
        label=_("医师执业证书编码"), max_length=40, help_text=_("15 位数字。")
    )
    institution = forms.CharField(label=_("执业机构"), max_length=80)
    scope = forms.CharField(label=_("执业范围"), max_length=80)
    independent_since = forms.DateField(
        label=_("独立临床工作起"),
        widget=_day(),
        help_text=_("在线看病的医师须独立临床工作 3 年以上。"),
    )
    valid_until = forms.DateField(label=_("有效期至"), widget=_day())

    @classmethod
    def for_(cls, clinician: Clinician, *args: Any, **kwargs: Any) -> "CredentialForm":
        """The form with the words of the clinician's own certificates."""
        form = cls(*args, **kwargs)
        if clinician.kind == "pharmacist":
            words = {
                "qualification_no": _("药学专业技术资格证书编号"),
                "practice_no": _("岗位证书编号"),
            }
            for name, label in words.items():
                form.fields[name].label = label
                form.fields[name].help_text = _("6 到 32 位字母和数字。")
            form.fields["independent_since"].label = _("从事审方工作起")
            form.fields["independent_since"].help_text = ""
        return form
