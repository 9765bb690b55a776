"""Of papers of other hospitals: handing them in, judging them; and of diseases that are one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hospital.files.limits import megabytes
from patients import catalogue
from patients.models import Evidence
from patients.services.evidence import MOST_PAGES

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"
_DISEASES = "diseases"  # the list of words beside a field


class _Pages(forms.ClearableFileInput):
    allow_multiple_selected = True


class _PagesField(forms.FileField):
    """All files that were chosen, in their order."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(_PagesField, self).clean(each, initial) for each in given]


class PaperForm(forms.Form):
    """Which paper, and where one wants to be seen with it."""

    kind = forms.ChoiceField(label=_("哪一种病历"), choices=Evidence.Kind.choices)
    department = forms.ChoiceField(label=_("想在哪个科室复诊"))
    pages = _PagesField(
        label=_("照片或 PDF"),
        help_text=_(
            "要看得清医院名称、日期、诊断和医生签名。"
            "最多 %(most)s 个，每个最大 %(each)s MB，一共最大 %(all)s MB。"
        )
        % {
            "most": MOST_PAGES,
            "each": megabytes(settings.FILE_BYTES),
            "all": megabytes(settings.FORM_FILES_BYTES),
        },
        widget=_Pages(attrs={"accept": ACCEPTED, "class": "input"}),
    )
    note = forms.CharField(
        label=_("想对审核的医生说的话"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, departments: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *departments]


class ConfirmForm(forms.Form):
    """What the reviewer read in the paper."""

    code = forms.CharField(
        label=_("诊断编码（ICD-10）"),
        max_length=16,
        help_text=_("按病历上的诊断，从目录里选。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": _DISEASES}),
    )
    institution = forms.CharField(
        label=_("医院名称"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    visited_on = forms.DateField(
        label=_("就诊日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WhyForm(forms.Form):
    """Of a refusal or a revocation: the patient reads it."""

    why = forms.CharField(
        label=_("理由"),
        max_length=300,
        help_text=_("患者会看到。请写清缺什么、怎么办，例如“看不清日期，请重新拍一张”。"),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class SameDiseaseForm(forms.Form):
    """A diagnosis that a hospital made, and one of another category."""

    first = forms.ChoiceField(label=_("线下确诊的诊断"))
    second = forms.CharField(
        label=_("是同一种病的另一个诊断（ICD-10）"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": _DISEASES}),
    )
    why = forms.CharField(
        label=_("依据"),
        max_length=300,
        help_text=_("写明为什么是同一种病，会留在病历里。"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["first"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(known)


def diseases() -> list[tuple[str, str]]:
    """What a browser offers beside a field for a code."""
    return list(catalogue.current().diagnoses().items())
