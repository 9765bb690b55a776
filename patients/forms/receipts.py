"""Of receipts: pasted, or as the file that was saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 64 * 1024


class ReceiptForm(forms.Form):
    text = forms.CharField(
        label=_("或者粘贴凭证的内容"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("选择保存的凭证文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json", "class": "input"}),
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        upload = told.get("file")
        if upload is not None and upload.size > LARGEST:
            self.add_error("file", _("这个文件太大，不是我们的凭证。"))
        elif upload is not None:
            told["text"] = upload.read().decode("utf-8", errors="replace")
        elif not told.get("text"):
            self.add_error("text", _("请粘贴凭证的内容，或选择凭证文件。"))
        return told
