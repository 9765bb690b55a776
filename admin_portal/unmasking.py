"""One patient, masked; in full for one view, to whom says why and has just proved themselves."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.accounts.asking import user_of
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from patients import selectors, services
from patients.models import Patient
from patients.unmasking import REASONS, Detail, details_for


class UnmaskForm(forms.Form):
    details = forms.MultipleChoiceField(
        label=gettext_lazy("要看哪一项"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[("", gettext_lazy("请选择")), *((each.code, each.label) for each in REASONS)],
    )
    note = forms.CharField(
        label=gettext_lazy("具体是什么事"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("患者能看到您查看过、看了哪一项和原因。"),
    )

    def __init__(self, *args: Any, offered: tuple[Detail, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["details"].choices = [(each.name, each.label) for each in offered]  # type: ignore[attr-defined]


def page(request: HttpRequest, public_id: UUID, frame: dict[str, Any]) -> HttpResponse:
    """Masked; after a POST that is granted in full, for this answer only."""
    by = user_of(request)
    patient = get_object_or_404(selectors.unmaskable_by(by), public_id=public_id)
    offered = details_for(frozenset(by.roles))
    form = UnmaskForm(request.POST or None, offered=offered)
    shown: dict[str, str] = {}
    if form.is_valid():
        try:
            shown = services.unmask(patient, **form.cleaned_data, by=by, at=database_now())
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
    seen = {
        **frame,
        "title": _("患者信息"),
        "patient": patient,
        "rows": [_row(patient, each, shown) for each in offered],
        "shown": bool(shown),
        "form": form,
    }
    return TemplateResponse(request, "admin/patient.html", seen, status=422 if form.errors else 200)


def _row(patient: Patient, detail: Detail, shown: dict[str, str]) -> dict[str, Any]:
    masked = detail.masked(getattr(patient, detail.name) or "")
    return {"label": detail.label, "text": shown.get(detail.name, masked)}
