"""Forms of the consultations. They check shape; `services` decides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.consultations import reasons, selectors
from hospital.consultations.rules import Evidence, Visit
from hospital.consultations.services.ordering import LONGEST
from patients.colleagues import Colleague

_STARS = [(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))]


class OrderForm(forms.Form):
    """What is wrong, and which diagnosis it follows up."""

    diagnoses = forms.MultipleChoiceField(
        label=_("这次复诊的诊断"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("请从查到的诊断里选。")},
    )
    complaint = forms.CharField(
        label=_("哪里不舒服"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
        help_text=_("什么时候开始、有什么变化、在吃什么药，都可以写。"),
    )
    guardian_present = forms.BooleanField(label=_("看诊时监护人会陪在孩子身边"), required=False)

    def __init__(self, *args: Any, visit: Visit, is_minor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if visit.is_followup and visit.evidence:
            self._choices("diagnoses", choices_of(visit))
        else:
            del self.fields["diagnoses"]
        if not is_minor:
            del self.fields["guardian_present"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


def choices_of(visit: Visit) -> list[tuple[str, str]]:
    """Each diagnosis once, as it was last made, the newest first; then what a doctor confirmed to
    be the same disease as one of them."""
    latest = {each.diagnosis: each for each in reversed(visit.evidence)}
    newest_first = sorted(latest.values(), key=lambda each: (each.days_ago, each.diagnosis))
    others = {code: visit.proofs_of(code) for pair in visit.same_diseases for code in pair}
    return [(each.diagnosis, _line(each)) for each in newest_first] + [
        (code, _same(code, proofs[0]))
        for code, proofs in sorted(others.items())
        if proofs and code not in latest
    ]


def _line(each: Evidence) -> str:
    when = _("今天") if each.days_ago == 0 else _("%(days)s 天前") % {"days": each.days_ago}
    where = _("外院病历") if each.hospital == "other" else each.department
    return f"{each.name or each.diagnosis} · {where} · {when}"


def _same(code: str, proof: Evidence) -> str:
    said = {"name": selectors.name_of(code), "known": proof.name or proof.diagnosis}
    return _("%(name)s · 医生确认和%(known)s是同一种病") % said


class InviteForm(forms.Form):
    """Which colleague, and what the patient is told of why."""

    doctor = forms.TypedChoiceField(label=_("请哪位同事"), coerce=UUID, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("为什么请会诊"),
        max_length=200,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
        help_text=_("患者和被邀请的医生都会看到。"),
    )

    def __init__(self, *args: Any, found: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["doctor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(who.user), f"{who.name} {who.title} · {who.department}") for who in found
        ]


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("退诊原因"),
        choices=[(each.code, each.label) for each in reasons.DECLINE],
        widget=forms.RadioSelect,
    )


class ReferForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("转线下原因"),
        choices=[(each.code, each.label) for each in reasons.REFER],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("给患者的话"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
    )


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("这次服务您满意吗"), choices=_STARS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("想说的话"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )


class SayForm(forms.Form):
    """For browsers without scripts; the others send over the socket."""

    client_id = forms.UUIDField()
    text = forms.CharField(max_length=2000, required=False)
