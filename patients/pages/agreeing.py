"""Consents and addresses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel import normalise
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from hospital.web.ways import way_on
from patients import claims, selectors, services
from patients.forms import AddressForm
from patients.models import Consent, ConsentText, Link, Patient
from patients.pages.asking import own_link
from patients.purposes import PURPOSES
from patients.standing import HELPER

_CODE = "consent-code"  # the session's key for the code that was texted to the patient


@door("patient.consent")
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Step two: what has to be agreed to before a service; each text has a box of its own.

    Who only helps agrees to nothing: the patient does, with a code on their own phone.
    """
    link, at = own_link(request, public_id), database_now()
    patient, today = link.patient, local_date(at)
    texts = selectors.texts_needed(patient, on=today)
    missing: list[str] = []
    wrong = ""
    if request.method == "POST":
        ticked = set(request.POST.getlist("agree"))
        missing = [text.said_title for text in texts if text.kind not in ticked]
        given = [text for text in texts if text.kind in ticked]
        try:
            _agree(request, link, given, at=at)
        except Refused as refusal:
            keep_evidence(refusal)
            wrong = refusal.message
    if request.method == "POST" and not missing and not wrong:
        answered = patient.allergies_known_at is not None
        if answered:
            return redirect("patients:record", public_id)
        return redirect("patients:step", public_id, "allergies")
    seen = {
        "patient": patient,
        "texts": selectors.texts_needed(patient, on=today),
        "missing": missing,
        "wrong": wrong,
        "by_code": link.relation == HELPER,
        "asked": bool(request.session.get(_CODE)),
    }
    status = 422 if missing or wrong else 200
    return render(request, "patients/agree.html", seen, status=status)


@door("patient.consent")
@require_POST
def ask_code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Text the patient a code, for them to agree with on this screen."""
    patient = own_link(request, public_id).patient
    code = services.ask_consent_code(patient, by=user_of(request), at=database_now())
    request.session[_CODE] = str(code.public_id)
    messages.info(request, _("验证码已发到患者本人的手机，请本人看过文件，再把验证码填在下面。"))
    return redirect("patients:agree", public_id)


def _agree(request: HttpRequest, link: Link, texts: list[ConsentText], *, at: datetime) -> None:
    by: Any = request.user
    if link.relation != HELPER:
        for text in texts:
            services.consent(link.patient, text, by=by, at=at)
        return
    asked = request.session.get(_CODE)
    if not asked:
        raise Refused(_("请先给患者本人发验证码。"), code="code-needed")
    digits = normalise.folded(request.POST.get("code", "")).replace(" ", "")
    services.consent_by_code(link.patient, texts, by=by, code=UUID(asked), digits=digits, at=at)
    del request.session[_CODE]


@door("patient.consent")
@require_GET
def consents(request: HttpRequest) -> HttpResponse:
    """Every purpose for every person: necessary or not, given or not; one tap either way."""
    patients = list(selectors.linked_to(request.user))
    given: dict[int, list[Consent]] = {}
    for consent in selectors.consents_of_all(patients):
        given.setdefault(consent.patient_id, []).append(consent)
    texts = {text.kind: text for text in selectors.newest_texts()}
    guarded = selectors.guarded_among(patients)
    links = list(selectors.links_of(request.user))
    mine = {link.patient_id for link in links if link.is_guardian}
    helped = {link.patient_id for link in links if link.relation == HELPER}
    today = local_date(database_now())
    rows = [
        _of(
            patient,
            given.get(patient.pk, []),
            texts,
            on=today,
            is_guarded=patient.pk in guarded,
            may=(patient.pk not in guarded or patient.pk in mine) and patient.pk not in helped,
        )
        for patient in patients
    ]
    seen = {"rows": rows, "next": way_on(request)}
    return render(request, "patients/consents.html", seen)


@door("patient.consent")
@require_POST
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Agree to one text by name, e.g. the courier's; then back to where one came from."""
    patient = own_link(request, public_id).patient
    text = get_object_or_404(selectors.newest_texts(), kind=request.POST.get("kind", ""))
    services.consent(patient, text, by=user_of(request), at=database_now())
    messages.success(request, _("已同意，随时可以在“我的”里撤回。"))
    return redirect(way_on(request) or "patients:consents")


@door("patient.consent")
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    mine = Consent.objects.filter(patient__in=selectors.linked_to(request.user))
    consent = get_object_or_404(mine, public_id=public_id)
    services.withdraw(consent, by=user_of(request), at=database_now())
    messages.success(request, _("已撤回。撤回以前的记录依法保存。"))
    return redirect("patients:consents")


@door("patient.address")
@require_http_methods(["GET", "POST"])
def addresses(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_address(user_of(request), at=database_now(), **form.cleaned_data)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("地址已保存。"))
            return redirect(way_on(request) or "patients:addresses")
    seen = {
        "form": form,
        "rows": selectors.addresses_of(request.user),
        "next": way_on(request),
    }
    return render(request, "patients/addresses.html", seen, status=422 if form.errors else 200)


@door("patient.address")
@require_POST
def forget_address(request: HttpRequest, public_id: UUID) -> HttpResponse:
    address = get_object_or_404(selectors.addresses_of(request.user), public_id=public_id)
    services.remove_address(address, by=user_of(request), at=database_now())
    return redirect("patients:addresses")


def _of(
    patient: Patient,
    given: list[Consent],
    texts: dict[str, ConsentText],
    *,
    on: date,
    is_guarded: bool,
    may: bool,
) -> dict[str, Any]:
    """One person's purposes: the guardian's for a child alone, the child's own from 14 on."""
    standing = {each.text_id: each for each in selectors.in_force(patient, on=on)}
    has_own_say = is_guarded and claims.consents_beside(patient.birth_date, on)
    minors = {"guardian": is_guarded, "own": has_own_say}
    asked = [p for p in PURPOSES if p.kind in texts and minors.get(p.kind, True)]
    shown: list[dict[str, Any]] = [
        {"purpose": each, "text": texts[each.kind], "consent": standing.get(texts[each.kind].pk)}
        for each in asked
    ]
    now = {row["consent"].pk for row in shown if row["consent"] is not None}
    past = [each for each in given if each.pk not in now]
    return {"patient": patient, "purposes": shown, "past": past, "may": may}
