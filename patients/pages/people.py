"""就诊人: who one acts for; adding somebody step by step (who → agree → health)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused, TooMany
from hospital.web.ways import way_on
from patients import acting, history, selectors, services, steps
from patients.forms import PersonForm
from patients.models import Patient
from patients.pages.asking import own_link

_CODE = "family-code"  # the session's key for the code that was texted to a family member
_FIELDS = {  # where on the form a refusal belongs
    "id-number-malformed": "id_number",
    "id-number-checksum": "id_number",
    "id-number-birth-date": "id_number",
    "document-number-malformed": "id_number",
    "birth-or-sex-missing": "birth_date",
    "birth-date-impossible": "birth_date",
    "name-mixed-letters": "name",
    "helper-needs-code": "phone",
    "name-malformed": "name",
    "relation-age": "relation",
    "guardian-needed": "relation",
    "self-first": "relation",
    "self-already": "relation",
    "code-wrong": "code",
    "code-expired": "code",
}


@door("patient.record")
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    links = list(selectors.links_of(request.user))
    me = next((link.patient for link in links if link.relation == "self"), None)
    seen = {
        "rows": links,
        "others": list(selectors.others_acting_for(me)) if me else [],
        "chosen": acting.chosen(request),
    }
    return render(request, "patients/members.html", seen)


@door("patient.record")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step one. An adult of the family gets a code on their own phone in between."""
    has_self = selectors.links_of(request.user).filter(relation="self").exists()
    first = {"relation": "child" if has_self else "self"}
    form = PersonForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            patient = _registered(request, form)
        except Refused as refusal:
            keep_evidence(refusal)
            form.add_error(_FIELDS.get(refusal.code), refusal.message)
        else:
            if patient is not None:
                return redirect("patients:agree", patient.public_id)
    return _new_page(request, form, has_self=has_self)


@door("patient.record")
@require_GET
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The e-record of one of one's own."""
    link = own_link(request, public_id)
    patient, at = link.patient, database_now()
    seen = {
        "link": link,
        "patient": patient,
        "allergies": selectors.allergies(patient),
        "medicines": selectors.current_medicines(patient, local_date(at)),
        "past": history.of(patient),
        "told": selectors.told(patient, local_date(at)),
        "insurance": selectors.said(patient, "insurance"),
        "contact": selectors.said(patient, "contact"),
        "next": _still_to_tell(patient, local_date(at)),
        "as_of": selectors.as_of(patient),
        "texts_needed": selectors.texts_needed(patient, on=local_date(at)),
    }
    return render(request, "patients/record.html", seen)


@door("patient.record")
@require_POST
def refresh(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the hospital now. When it is silent, what the mirror knows stays on the page."""
    patient = own_link(request, public_id).patient
    try:
        is_fresh = services.refresh(patient, at=database_now())
    except TooMany as refusal:
        messages.warning(request, refusal.message)
    else:
        if is_fresh:
            messages.success(request, _("已经是医院系统里最新的资料。"))
        else:
            messages.warning(request, _("医院系统暂时没有回应，下面是上次同步的资料。"))
    return redirect(way_on(request) or reverse("patients:record", args=[public_id]))


@door("patient.record")
@require_POST
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    link = own_link(request, public_id)
    services.end_link(link, by=user_of(request), at=database_now())
    messages.success(request, _("已移除。需要时可以再添加。"))
    return redirect("patients:members")


def _still_to_tell(patient: Patient, on: date) -> steps.Step | None:
    given = selectors.given(selectors.answers_of(patient))
    asked = steps.asked_of(patient.sex, patient.birth_date, on=on)
    return steps.next_of(asked, given, birth_date=patient.birth_date, on=on)


def _registered(request: HttpRequest, form: PersonForm) -> Patient | None:
    """The patient, or None while a code is on its way to the family member's phone."""
    told, at = form.cleaned_data, database_now()
    user: Any = request.user
    names = ("name", "id_number", "relation", "id_kind", "birth_date", "sex")
    who = {each: told[each] for each in names}
    phone = told["phone"] if who["relation"] not in {"self", "child"} else ""
    if not phone or phone == user.phone:
        return services.register(user, **who, at=at)
    if told["code"] and (asked := request.session.get(_CODE)):
        code = UUID(asked)
        return services.register_family(user, code=code, digits=told["code"], **who, at=at)
    request.session[_CODE] = str(services.ask_code(user, phone=phone, at=at).public_id)
    messages.info(request, _("验证码已发到家人的手机，请填在下面。"))
    return None


def _new_page(request: HttpRequest, form: PersonForm, *, has_self: bool) -> HttpResponse:
    seen = {"form": form, "has_self": has_self, "asked": bool(request.session.get(_CODE))}
    status = 422 if form.errors else 200
    return render(request, "patients/new.html", seen, status=status)
