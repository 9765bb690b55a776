"""What clinicians fill in about their licences. The forms check shape; `services` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician


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
