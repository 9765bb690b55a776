"""Sign-in forms. They check shape; `services` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.accounts.passwords import LONGEST
from hospital.kernel import normalise
from hospital.kernel.refusals import Refused


def _otp(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("动态码"),
        max_length=12,
        required=required,
        help_text=_("打开认证器 App，填 6 位数字。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _secret(
    label: Any, *, autocomplete: str = "new-password", help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _digits(typed: str) -> str:
    return normalise.folded(typed).replace(" ", "")


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
    otp = _otp(required=False)
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def clean_otp(self) -> str:
        return _digits(self.cleaned_data["otp"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("otp") or given.get("passkey") or self.errors):
            self.add_error("otp", _("打开认证器 App，填 6 位数字。"))
        return given


class VerifyForm(forms.Form):
    otp = _otp()

    def clean_otp(self) -> str:
        return _digits(self.cleaned_data["otp"])


class LinkForm(forms.Form):
    token = forms.CharField(
        label=_("开通码"),
        max_length=200,
        help_text=_("从开通链接打开时会自动填好；也可以粘贴。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-from-hash": ""}),
    )

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"]).rpartition("#")[2].strip()


class NewPasswordForm(forms.Form):
    """The new one twice. It may be pasted, and is never cut off."""

    new = _secret(
        _("新密码"),
        help_text=_("至少 12 个字符；小写、大写、数字、其他字符里要有三种。"),
    )
    again = _secret(_("再填一次新密码"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", _("两次填的不一样，请再填一次。"))
        return given


class ChangePasswordForm(NewPasswordForm):
    old = _secret(_("原来的密码"), autocomplete="current-password")
    field_order = ("old", "new", "again")


class OpenForm(NewPasswordForm):
    """A new account: a password, and a code of the authenticator that was just scanned."""

    otp = _otp()
    field_order = ("otp", "new", "again")

    def clean_otp(self) -> str:
        return _digits(self.cleaned_data["otp"])


class FactorForm(VerifyForm):
    """A lost authenticator: the password proves who it is."""

    old = _secret(_("密码"), autocomplete="current-password")
    field_order = ("otp", "old")


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("给它起个名字"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("例如：我的手机、科室电脑。"),
    )
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
