"""What medical affairs fill in to bring in a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doctors import services
from doctors.services import Look
from doctors.sheets import SHEETS, require_size


class SheetForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("哪种名单"), choices=[(sheet.kind, sheet.label) for sheet in SHEETS.values()]
    )
    sheet = forms.FileField(
        label=_("文件"),
        max_length=200,
        help_text=_("CSV 或 Excel（.xlsx），第一行是表头，最多 5000 行、5 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def look(self, *, at: Any) -> Look:
        """The dry run of what was chosen."""
        given = self.cleaned_data
        require_size(given["sheet"].size)
        return services.look(given["kind"], given["sheet"].read(), at=at)
