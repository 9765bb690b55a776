"""The duty roster of one week: who is there now, who will be; written, shortened, copied."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from doctors import selectors, services
from doctors.models import Clinician, Duty
from doctors.permissions import may_roster_kind
from hospital.accounts.asking import user_of
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.calendar import BEIJING, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

KINDS: Final = {"doctor": gettext_lazy("医生"), "pharmacist": gettext_lazy("药师")}
LOOK, WRITE = "admin.duty", "admin.duty.roster"
_MOMENT: Final = {"type": "datetime-local"}


class _Moment(forms.DateTimeField):
    """A moment as the wall clock in Beijing has it."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs=_MOMENT)
        super().__init__(input_formats=["%Y-%m-%dT%H:%M"], widget=widget, **more)

    def clean(self, value: Any) -> datetime:
        return super().clean(value).replace(tzinfo=BEIJING)  # type: ignore[no-any-return]


class DutyForm(forms.Form):
    clinician = forms.UUIDField(label=gettext_lazy("谁"), widget=forms.Select)
    starts_at = _Moment(label=gettext_lazy("上班"))
    ends_at = _Moment(label=gettext_lazy("下班"))

    def offering(self, people: list[Clinician]) -> "DutyForm":
        self.fields["clinician"].widget.choices = [
            (each.public_id, f"{each.name} · {each.department.name}") for each in people
        ]
        return self


class ShortenForm(forms.Form):
    ends_at = _Moment(label=gettext_lazy("提前到"))


def urls(site: Any) -> list[URLPattern]:
    """The week, and a door for each thing that is done to it."""

    def to(entry: str, method: Any, page: Callable[..., HttpResponse]) -> Any:
        return door(entry)(method(site.admin_view(page)))

    return [
        path("duty/", to(LOOK, require_GET, _week(site)), name="duty"),
        path("duty/add/", to(WRITE, require_POST, _add(site)), name="duty_add"),
        path("duty/copy/", to(WRITE, require_POST, _copy), name="duty_copy"),
        path("duty/<uuid:public_id>/cancel/", to(WRITE, require_POST, _cancel), name="duty_cancel"),
        path(
            "duty/<uuid:public_id>/shorten/", to(WRITE, require_POST, _shorten), name="duty_shorten"
        ),
    ]


def _week(site: Any) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        return _show(site, request, _kind(request, request.GET), _day(request.GET.get("week")))

    return page


def _show(
    site: Any, request: HttpRequest, kind: str, day: date, form: DutyForm | None = None
) -> HttpResponse:
    at = database_now()
    monday, after = selectors.week_of(day)
    duties = list(selectors.duties_in_week(kind, day))
    people = list(selectors.rostered(kind))
    days = [monday + timedelta(days=number) for number in range(7)]
    seen = {
        **site.each_context(request),
        "title": _("值班表"),
        "kind": kind,
        "kinds": [(name, words) for name, words in KINDS.items() if _may(request, name)],
        "days": [(each, _lasting(duties, each)) for each in days],
        "now": selectors.on_duty(kind, at).select_related("department").order_by("pk"),
        "at": at,
        "today": local_date(at),
        "week": monday,
        "before": monday - timedelta(days=7),
        "after": after,
        "form": form or DutyForm().offering(people),
    }
    return TemplateResponse(request, "admin/duty.html", seen, status=422 if form else 200)


def _lasting(duties: list[Duty], day: date) -> list[Duty]:
    start, end = selectors.midnight(day), selectors.midnight(day + timedelta(days=1))
    return [each for each in duties if each.starts_at < end and each.ends_at > start]


def _add(site: Any) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        kind = _kind(request, request.POST)
        people = list(selectors.rostered(kind))
        form = DutyForm(request.POST).offering(people)
        if form.is_valid():
            given = form.cleaned_data
            who = next((p for p in people if p.public_id == given["clinician"]), None)
            day = local_date(given["starts_at"])
            try:
                if who is None:
                    raise Refused(_("请从列出的人里选一位。"), code="clinician-unknown")
                services.roster(
                    who,
                    starts_at=given["starts_at"],
                    ends_at=given["ends_at"],
                    by=user_of(request),
                    at=database_now(),
                )
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("已排班。"))
                return _back(kind, day)
        return _show(site, request, kind, _day(request.POST.get("week")), form)

    return page


def _copy(request: HttpRequest) -> HttpResponse:
    """The shown week into the next one."""
    kind, day = _kind(request, request.POST), _day(request.POST.get("week"))
    target = day + timedelta(days=7)
    done = services.copy_week(
        kind, source=day, target=target, by=user_of(request), at=database_now()
    )
    told = {"written": done.written, "left": done.left_out}
    messages.success(
        request, _("已复制 %(written)s 个班，跳过 %(left)s 个（已有班或已过去）。") % told
    )
    return _back(kind, target)


def _cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    duty = _mine(request, public_id)
    services.cancel_duty(duty, by=user_of(request), at=database_now())
    messages.success(request, _("已取消这个班。"))
    return _back(duty.clinician.kind, local_date(duty.starts_at))


def _shorten(request: HttpRequest, public_id: UUID) -> HttpResponse:
    duty, at = _mine(request, public_id), database_now()
    services.shorten(duty, ends_at=_until(request, at), by=user_of(request), at=at)
    messages.success(request, _("已改下班时间。"))
    return _back(duty.clinician.kind, local_date(duty.starts_at))


def _until(request: HttpRequest, at: datetime) -> datetime:
    """The moment that is asked for; now where none is."""
    if not request.POST.get("ends_at"):
        return at
    form = ShortenForm(request.POST)
    if not form.is_valid():
        raise Refused(str(form.errors["ends_at"][0]), code="duty-times")
    return form.cleaned_data["ends_at"]  # type: ignore[no-any-return]


def _mine(request: HttpRequest, public_id: UUID) -> Duty:
    """A duty of a kind that is this office's; another's is as missing as none."""
    kinds = [kind for kind in KINDS if _may(request, kind)]
    rows = Duty.objects.select_related("clinician").filter(clinician__kind__in=kinds)
    return get_object_or_404(rows, public_id=public_id)


def _kind(request: HttpRequest, asked: Any) -> str:
    """What was asked for, or the first that is this office's."""
    kinds = [kind for kind in KINDS if _may(request, kind)]
    return asked.get("kind") if asked.get("kind") in kinds else kinds[0]


def _may(request: HttpRequest, kind: str) -> bool:
    return may_roster_kind(user_of(request), kind)


def _day(text: str | None) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return local_date(database_now())
    return found if 2000 <= found.year < 2200 else local_date(database_now())


def _back(kind: str, day: date) -> HttpResponse:
    where = {"kind": kind, "week": selectors.week_of(day)[0].isoformat()}
    return redirect(f"{reverse('admin:duty')}?{urlencode(where)}")
