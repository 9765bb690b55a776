"""Sign-in forms. They check shape; `services` decides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.kernel import normalise
from hospital.kernel.refusals import Refused


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("手机号"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        try:
            return normalise.phone(self.cleaned_data["phone"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class NewPhoneForm(PhoneForm):
    is_lost = forms.BooleanField(
        label=_("原来的手机收不到短信了"),
        required=False,
        help_text=_("改为核对您登记的资料。"),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("短信验证码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return normalise.folded(self.cleaned_data["code"]).replace(" ", "")


class StaffForm(forms.Form):
    username = forms.CharField(
        label=_("账号"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    otp = forms.CharField(
        label=_("动态码"),
        max_length=12,
        help_text=_("打开认证器 App，填 6 位数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_otp(self) -> str:
        return normalise.folded(self.cleaned_data["otp"]).replace(" ", "")


class VerifyForm(forms.Form):
    otp = StaffForm.base_fields["otp"]

    def clean_otp(self) -> str:
        return normalise.folded(self.cleaned_data["otp"]).replace(" ", "")
