"""One form for each question of the e-record. They check shape; `services.answer` decides."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.kernel.refusals import Refused
from patients import catalogue, selectors
from patients.models import Patient
from patients.services import answering, health

REACTIONS = [
    ("mild", _("轻：皮疹、发痒")),
    ("severe", _("重：气喘、水肿")),
    ("anaphylaxis", _("休克，抢救过")),
]
NO_YES = [("no", _("没有")), ("yes", _("有，请在下面填写"))]
PREGNANCY = [("no", _("没有怀孕")), ("yes", _("怀孕中")), ("unknown", _("不确定"))]
LIVER = [
    ("normal", _("正常，或没有查过")),
    ("impaired", _("肝功能不好")),
    ("severe", _("肝硬化或肝功能严重不好")),
]
INSURANCE: Final[dict[str, str | Promise]] = {
    "employee": _("职工医保"),
    "resident": _("居民医保"),
    "public": _("公费医疗"),
    "commercial": _("商业保险"),
    "none": _("没有，自费"),
}
CONTACT: Final[dict[str, str | Promise]] = {
    "spouse": _("配偶"),
    "parent": _("父母"),
    "child": _("子女"),
    "sibling": _("兄弟姐妹"),
    "other": _("其他"),
}
SPARE: Final = 4  # empty lines beside those that are filled in; more come by saving


class StepForm(forms.Form):
    """`said` is what the form tells `services.answer`."""

    lists: tuple[tuple[str, ...], ...] = ()

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    @property
    def said(self) -> Mapping[str, Any]:
        return self.cleaned_data


class _Lines(StepForm):
    """A question of none or some, and a line for each."""

    fields_of_a_line: tuple[str, ...] = ()
    many: int = SPARE

    @property
    def lines(self) -> list[list[Any]]:
        return [[self[f"{name}_{n}"] for name in self.fields_of_a_line] for n in range(self.many)]

    def told(self) -> list[dict[str, str]]:
        """The lines in which something stands."""
        first, given = self.fields_of_a_line[0], self.cleaned_data
        return [
            {name: given.get(f"{name}_{n}", "") for name in self.fields_of_a_line}
            for n in range(self.many)
            if given.get(f"{first}_{n}")
        ]

    def _sent(self) -> int:
        """How many lines the page had; another tab may have shortened the list meanwhile."""
        first = f"{self.fields_of_a_line[0]}_"
        return sum(name.startswith(first) for name in self.data)

    def _agree(self, answer: str, *, empty: Any, full: Any) -> None:
        """“None” with a line filled in, or “some” without one, is no answer."""
        said, lines = self.cleaned_data.get(answer), self.told()
        if said == "yes" and not lines:
            self.add_error(f"{self.fields_of_a_line[0]}_0", empty)
        if said == "no" and lines:
            self.add_error(answer, full)


class AllergiesForm(_Lines):
    has_allergies = forms.ChoiceField(
        label=_("对药物或食物过敏吗"),
        choices=[("no", _("没有过敏")), ("yes", _("有过敏，请在下面填写"))],
        widget=forms.RadioSelect,
    )
    fields_of_a_line = ("to", "reaction")

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        own = list(patient.allergies.filter(source="self").order_by("pk"))
        first: dict[str, Any] = {}
        if patient.allergies_known_at is not None:
            first["has_allergies"] = "yes" if own else "no"
        for n, each in enumerate(own):
            first |= {f"to_{n}": each.to, f"reaction_{n}": each.reaction}
        super().__init__(patient, *args, initial=first, **kwargs)
        self.many = min(max(len(own) + SPARE, self._sent()), health.MOST_ALLERGIES)
        for n in range(self.many):
            self.fields[f"to_{n}"] = _word(_("对什么过敏"), suggested="allergens")
            self.fields[f"reaction_{n}"] = forms.ChoiceField(
                label=_("反应"), required=False, choices=REACTIONS
            )

    @property
    def suggestions(self) -> tuple[str, list[str]]:
        words = catalogue.current()
        return "allergens", [*words.groups(), *words.medicines()]

    def clean(self) -> dict[str, Any]:
        self._agree(
            "has_allergies",
            empty=_("请写下对什么过敏。"),
            full=_("下面填了过敏，这里请选“有过敏”。"),
        )
        return self.cleaned_data

    @property
    def said(self) -> Mapping[str, Any]:
        lines = [{**line, "reaction": line["reaction"] or "mild"} for line in self.told()]
        return {"allergies": lines}


class HistoryForm(StepForm):
    history = forms.CharField(
        label=_("既往史"),
        required=False,
        max_length=4000,
        help_text=_("得过什么大病、做过什么手术、家里有什么遗传病；没有就空着。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    liver = forms.ChoiceField(label=_("肝功能"), choices=LIVER)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        first = {"history": patient.history, "liver": patient.liver}
        super().__init__(patient, *args, initial=first, **kwargs)


class MedicinesForm(_Lines):
    has_medicines = forms.ChoiceField(
        label=_("还有别的长期在吃的药吗"), choices=NO_YES, widget=forms.RadioSelect
    )
    fields_of_a_line = ("name", "dosage")

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(patient, *args, **kwargs)
        for n in range(self.many):
            self.fields[f"name_{n}"] = _word(_("药名"), suggested="medicines")
            self.fields[f"dosage_{n}"] = forms.CharField(
                label=_("怎么吃"),
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    @property
    def suggestions(self) -> tuple[str, list[str]]:
        return "medicines", list(catalogue.current().medicines())

    def clean(self) -> dict[str, Any]:
        self._agree("has_medicines", empty=_("请写下药名。"), full=_("下面填了药，这里请选“有”。"))
        return self.cleaned_data

    @property
    def said(self) -> Mapping[str, Any]:
        return {"medicines": self.told()}


class PregnancyForm(StepForm):
    pregnancy = forms.ChoiceField(label=_("怀孕"), choices=PREGNANCY, widget=forms.RadioSelect)
    due_on = forms.CharField(
        label=_("预产期（怀孕才填）"),
        required=False,
        max_length=16,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    is_lactating = forms.BooleanField(label=_("正在哺乳"), required=False)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        first = {
            "pregnancy": patient.pregnancy,
            "is_lactating": patient.is_lactating,
            "due_on": patient.due_on.isoformat() if patient.due_on else "",
        }
        super().__init__(patient, *args, initial=first, **kwargs)

    def clean_due_on(self) -> Any:
        return _tried(answering.day, self.cleaned_data["due_on"])


class WeightForm(StepForm):
    weight_kg = forms.CharField(
        label=_("现在的体重（公斤）"),
        max_length=8,
        help_text=_("今天称的最好；例如 18.5。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_weight_kg(self) -> Any:
        return _tried(health.kilograms, self.cleaned_data["weight_kg"])


class InsuranceForm(StepForm):
    kind = forms.ChoiceField(label=_("医保类型"), choices=list(INSURANCE.items()))
    number = forms.CharField(
        label=_("医保卡号（社保卡号）"),
        required=False,
        max_length=32,
        help_text=_("在卡的正面；不在手边可以空着，以后再补。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(patient, *args, initial=selectors.said(patient, "insurance"), **kwargs)


class ContactForm(StepForm):
    name = forms.CharField(
        label=_("姓名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    relation = forms.ChoiceField(label=_("是患者的"), choices=list(CONTACT.items()))

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(patient, *args, initial=selectors.said(patient, "contact"), **kwargs)


FORMS: Final[dict[str, type[StepForm]]] = {
    "allergies": AllergiesForm,
    "history": HistoryForm,
    "medicines": MedicinesForm,
    "pregnancy": PregnancyForm,
    "weight": WeightForm,
    "insurance": InsuranceForm,
    "contact": ContactForm,
}


def _word(label: Any, *, suggested: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=60,
        # the style sheet asks for the placeholder: an empty line is hidden until it is needed
        widget=forms.TextInput(
            attrs={"placeholder": " ", "list": suggested, "autocomplete": "off"}
        ),
    )


def _tried(read: Callable[[str], Any], typed: str) -> Any:
    try:
        return read(typed)
    except Refused as refusal:
        raise forms.ValidationError(refusal.message) from refusal
