"""The few forms of the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.accounts.roles import STAFF, Role
from hospital.policy.values import Policy, all_settings

NOTE = 200  # characters


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=_("理由"),
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("请写明依据，不要写患者姓名和病情。"),
    )

    def __init__(self, *args: Any, asks_why: bool, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why:
            del self.fields["why"]


class RoleForm(ReasonForm):
    """Which role of the account `row`, and why."""

    role = forms.ChoiceField(label=_("角色"))
    field_order = ("role", "why")

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (str(role), role.label) for role in self.offered(row)
        ]

    def offered(self, row: Any) -> list[Role]:
        return [role for role in Role if role in STAFF and role not in row.roles]


class HeldRoleForm(RoleForm):
    def offered(self, row: Any) -> list[Role]:
        return [role for role in Role if role in STAFF and role in row.roles]


class AccountForm(forms.Form):
    """A new account of staff, which holds nothing yet."""

    username = forms.CharField(label=_("账号"), max_length=64)
    name = forms.CharField(label=_("姓名"), max_length=50)


class PolicyForm(forms.Form):
    """One field for each value of the policy, as it stands now; only what differs is published."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, current: Policy, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["based_on"].initial = number
        for name in all_settings():
            self.fields[name] = _field(name, getattr(current, name))
        self.fields["note"] = forms.CharField(label=_("为什么改"), max_length=NOTE)

    def changes(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in all_settings()
            if self.cleaned_data[name] != getattr(self.current, name)
        }


def _field(name: str, value: Any) -> forms.Field:
    setting = all_settings()[name]
    told = {"label": setting.label, "initial": value}
    if isinstance(value, bool):
        return forms.BooleanField(required=False, help_text=_help(setting), **told)
    if isinstance(value, int):
        return forms.IntegerField(
            min_value=setting.low, max_value=setting.high, help_text=_help(setting), **told
        )
    return forms.ChoiceField(
        choices=[(each, each) for each in setting.options], help_text=_help(setting), **told
    )


def _help(setting: Any) -> str:
    return f"{setting.help} {_('由谁定')}: {setting.set_by}"
