"""The doctor's drawer (D2) with the rules live beside each line, and what was written (D3)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospital.consultations import selectors as consultations
from hospital.consultations.models import Consultation
from hospital.kernel.access import door, pass_again
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Detour, Refused
from patients import selectors as patients
from prescriptions import drawer as forms
from prescriptions import replays, selectors, services
from prescriptions.lifecycle import State
from prescriptions.models import Prescription
from prescriptions.wording import FREQUENCIES, ROUTES

CHECK, FIND, SIGN, KEEP = "check", "find", "sign", "keep"


@door("prescription.write")
@require_http_methods(["GET", "POST"])
def drawer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One form: each button saves the draft and then does what it says."""
    consultation = get_object_or_404(consultations.attended_by(request.user), public_id=public_id)
    if request.method == "GET":
        services.look_back(consultation, by=request.user, at=database_now())
        return _shown(request, consultation, selectors.draft_of(consultation))
    return _acted(request, consultation)


def _acted(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    at, by, action = database_now(), request.user, request.POST.get("action", CHECK)
    typed = forms.read(request.POST, consultation.diagnoses)
    draft: Prescription | None = None
    told = ""
    try:
        draft = services.begin(consultation, by=by, at=at)
        draft = _saved(draft, typed, action, by=by)
        if action.startswith(("set:", KEEP)):
            draft, told = _with_sets(request, draft, action)
        if action == SIGN:
            return _signed(request, consultation, draft, typed)
    except Detour:
        raise
    except Refused as refusal:
        keep_evidence(refusal)
        return _shown(request, consultation, draft, typed, refusal=refusal)
    if action.startswith(("copy:", "set:")):
        typed = forms.written_in(selectors.draft_of(consultation), consultation.diagnoses)
    return _shown(request, consultation, draft, typed, told=told)


def _with_sets(request: HttpRequest, draft: Prescription, action: str) -> tuple[Prescription, str]:
    """Take over one of the doctor's sets, or keep what is written as one; and what to say of it."""
    at, by = database_now(), request.user
    if action == KEEP:
        kept = services.keep_set(draft, request.POST.get("set_name", ""), by=by, at=at)
        return draft, _("已存为常用组合“%(name)s”。") % {"name": kept.name}
    kept = get_object_or_404(selectors.sets_of(by), public_id__in=_uuids(action[4:]))
    draft, left_out = services.apply_set(kept, draft, by=by, at=at)
    if not left_out:
        return draft, ""
    return draft, _("下面的药已经不能线上开具，没有带入：%(drugs)s") % {
        "drugs": "、".join(left_out)
    }


def _saved(draft: Prescription, typed: forms.Written, action: str, *, by: Any) -> Prescription:
    """Do to the typed lines what the button says, and keep those that are complete."""
    verb, _sep, what = action.partition(":")
    if verb == "copy":
        earlier = selectors.earlier_of(draft.consultation)
        rows = earlier.model.objects.filter(pk__in=_ids(earlier))
        chosen = get_object_or_404(rows, public_id__in=_uuids(what))
        return services.copy(chosen, draft, by=by, at=database_now())
    if verb == "add" and (drug := selectors.drugs_by_id(_uuids(what))):
        typed.rows += [forms.Row(each) for each in drug.values()]
    elif verb == "remove" and what.isascii() and what.isdigit() and int(what) < len(typed.rows):
        del typed.rows[int(what)]
    return services.change(draft, lines=typed.wishes, by=by, at=database_now(), **typed.terms)


def _ids(earlier: Any) -> list[int]:
    return [each.pk for each in earlier]


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _signed(
    request: HttpRequest, consultation: Consultation, draft: Prescription, typed: forms.Written
) -> HttpResponse:
    if not typed.is_whole:
        raise Refused(_("还有药没有填完，请填完或删除后再签名。"), code="line-incomplete")
    otp = request.POST.get("otp", "").strip()
    if not otp:  # a code typed here proves as much; the draft is kept by now
        pass_again(request, "prescription.sign")
    services.sign(draft, by=request.user, at=database_now(), otp=otp[:6])
    return _shown(request, consultation, None, signed=draft)


def _shown(
    request: HttpRequest,
    consultation: Consultation,
    draft: Prescription | None,
    typed: forms.Written | None = None,
    *,
    refusal: Refused | None = None,
    signed: Prescription | None = None,
    told: str = "",
) -> HttpResponse:
    """The drawer: whole, or for a change in a field only the findings and the foot."""
    if draft is not None:
        draft.consultation = consultation
    written = typed or forms.written_in(draft, consultation.diagnoses)
    context = {
        "consultation": consultation,
        "stream": consultation.public_id,
        "draft": draft,
        "written": written,
        "signed": signed,
        "refusal": refusal,
        "told": told,
        "frequencies": [(code, words[0]) for code, words in FREQUENCIES.items()],
        "routes": [(code, words[0]) for code, words in ROUTES.items()],
        **_ruled(draft, written),
    }
    is_change = request.method == "POST" and request.POST.get("action", CHECK) == CHECK
    is_live = is_change and bool(getattr(request, "htmx", False))
    if is_live and refusal is None:
        return render(request, "prescriptions/_drawer_live.html", context)
    context |= _around(request, consultation)
    whole = "_drawer" if getattr(request, "htmx", False) else "drawer"
    return render(request, f"prescriptions/{whole}.html", context, status=422 if refusal else 200)


def _ruled(draft: Prescription | None, written: forms.Written) -> dict[str, Any]:
    """What the rules say now: each finding at its line, the rest above the foot."""
    total = (
        sum(line.packs * line.price_fen for line in draft.lines.all())
        if draft is not None and draft.pk
        else 0
    )
    if draft is None or not written.rows:
        return {"general": [], "counts": {}, "total": total, "decision": None}
    lines = [row.provisional() for row in written.rows]
    decision = services.check(draft, at=database_now(), lines=lines).decision
    found = replays.findings_of(decision)
    for number, row in enumerate(written.rows):
        row.findings = [each for each in found if each["line"] == number]
    counts = {
        severity: sum(each["severity"] == severity and not each.get("answered") for each in found)
        for severity in ("block", "reason", "info")
    }
    general = [each for each in found if each["line"] is None]
    return {"general": general, "counts": counts, "total": total, "decision": decision}


def _around(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """The patient's facts that never leave the screen, and what was written in this visit."""
    patient = consultation.patient
    rows = selectors.visible_to(request.user).filter(consultation=consultation)
    was_found = request.POST.get("action", "").startswith("add:")
    sought = "" if was_found else request.POST.get("q", "")
    here = list(rows.exclude(state=State.DRAFT).order_by("-begun_at", "-pk"))
    return {
        "patient": patient,
        "allergies": patients.allergies(patient),
        "egfr": patients.egfr(patient),
        "found": selectors.formulary_matching(sought),
        "q": sought,
        "was_found": was_found,
        "earlier": list(selectors.earlier_of(consultation)),
        "sets": list(selectors.sets_of(request.user)),
        "to_mend": [each for each in here if each.state == State.RETURNED],
        "written_here": [each for each in here if each.state != State.RETURNED],
    }


@door("formulary.search")
@require_GET
def formulary(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the search box finds, as buttons of the drawer's form."""
    get_object_or_404(consultations.attended_by(request.user), public_id=public_id)
    found = selectors.formulary_matching(request.GET.get("q", ""))
    context = {"found": found, "q": request.GET.get("q", ""), "stream": public_id}
    return render(request, "prescriptions/_found.html", context)


@door("prescription.write")
@require_GET
def written(request: HttpRequest) -> HttpResponse:
    """One's own prescriptions, the newest first; those returned need whoever attends now."""
    seen, user = selectors.visible_to(request.user), request.user.pk
    page = page_of(seen.filter(doctor__user=user), by="begun_at", cursor=request.GET.get("after"))
    waiting = seen.filter(consultation__doctor__user=user, state=State.RETURNED)
    returned = list(waiting.order_by("-reviewed_at")[:20])
    template = "_written" if getattr(request, "htmx", False) else "written"
    return render(request, f"prescriptions/{template}.html", {"page": page, "returned": returned})


@door("prescription.write")
@require_POST
def revise(request: HttpRequest, public_id: UUID) -> HttpResponse:
    prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    services.revise(prescription, by=request.user, at=database_now())
    return redirect("prescriptions:drawer", prescription.consultation.public_id)


@door("prescription.write")
@require_POST
def void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
    services.void(prescription, by=request.user, at=database_now())
    return redirect("prescriptions:drawer", prescription.consultation.public_id)


@door("prescription.write")
@require_http_methods(["GET", "POST"])
def sets(request: HttpRequest) -> HttpResponse:
    """The sets that the doctor keeps; one is dropped here, and kept in the drawer."""
    if request.method == "POST":
        rows = selectors.sets_of(request.user)
        kept = get_object_or_404(rows, public_id__in=_uuids(request.POST.get("set", "")))
        services.drop_set(kept, by=request.user, at=database_now())
        return redirect("prescriptions:sets")
    return render(request, "prescriptions/sets.html", {"sets": selectors.sets_of(request.user)})
