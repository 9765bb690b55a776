"""The forms of the patient's side."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models import Address


class OrderForm(forms.Form):
    """快递到家, with one of one's own addresses, or 到院自取."""

    mode = forms.ChoiceField(
        label=_("取药方式"),
        choices=[("courier", _("快递到家")), ("window", _("到院自取"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择取药方式。")},
    )
    address = forms.ChoiceField(label=_("收货地址"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, addresses: Sequence[Address], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses = {str(each.public_id): each for each in addresses}
        self.fields["address"].choices = [(key, key) for key in self._addresses]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("mode") == "courier" and not told.get("address"):
            self.add_error("address", _("请选择一个收货地址，或改为到院自取。"))
        return told

    @property
    def wish(self) -> dict[str, Any]:
        """What the service takes."""
        mode = self.cleaned_data["mode"]
        chosen = self._addresses.get(self.cleaned_data["address"]) if mode == "courier" else None
        return {"mode": mode, "address": chosen}
