"""The inbox, one request in it with its papers, and the decision."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_portal.deciding import Step
from admin_portal.forms import ReasonForm
from admin_portal.inbox.frame import Kind, every_kind, kinds_for
from admin_portal.inbox.merging import Entry, key_of, queue
from hospital.accounts.asking import user_of
from hospital.accounts.models import User
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


def urls(site: Any) -> list[URLPattern]:
    """The list, and for each kind a page and a door for each of its steps."""
    listed = door("admin.inbox")(require_GET(site.admin_view(_list(site))))
    found = [path("inbox/", listed, name="inbox")]
    for kind in every_kind():
        item = door(kind.access)(require_GET(site.admin_view(_item(site, kind))))
        found.append(path(f"inbox/{kind.name}/<uuid:public_id>/", item, name=kind.address))
        for step in kind.steps:
            act = door(step.access)(require_POST(site.admin_view(_act(site, kind, step))))
            where = f"inbox/{kind.name}/<uuid:public_id>/{step.name}/"
            found.append(path(where, act, name=f"{kind.address}_{step.name}"))
    return found


def _list(site: Any) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        user, kinds = user_of(request), kinds_for(request.user)
        only = request.GET.get("kind", "")
        shown = [kind for kind in kinds if kind.name == only] or kinds
        after = request.GET.get("after")
        entries, older = queue(user, database_now(), shown, after=key_of(after) if after else None)
        seen = {
            **site.each_context(request),
            "title": _("待我审批"),
            "entries": entries,
            "next": older,
            "kinds": kinds if len(kinds) > 1 else [],
            "only": only if len(shown) < len(kinds) else "",
            "is_first": not after,
        }
        return TemplateResponse(request, "admin/inbox/list.html", seen)

    return page


def _item(site: Any, kind: Kind) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        row = get_object_or_404(kind.theirs(user_of(request)), public_id=public_id)
        return _show(site, request, kind, row)

    return page


def _act(site: Any, kind: Kind, step: Step) -> Callable[..., HttpResponse]:
    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        user, at = user_of(request), database_now()
        row = get_object_or_404(kind.theirs(user), public_id=public_id)
        form = step.asks(request.POST, asks_why=step.asks_why, row=row, prefix=step.name)
        status, place = 422, Entry(kind, row).key
        if form.is_valid():
            try:
                step.do(row, by=user, at=at, **form.cleaned_data)
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                done = {"step": step.label, "what": kind.title(row)}
                messages.success(request, _("%(what)s：%(step)s，已完成。") % done)
                return redirect(_next(user, place) or "admin:inbox")
        row = get_object_or_404(kind.theirs(user), public_id=public_id)
        return _show(site, request, kind, row, tried={step.name: form}, status=status)

    return page


def _next(user: User, place: tuple[Any, str, int]) -> str | None:
    """The page of the request behind this one; behind the last the oldest again."""
    at, kinds = database_now(), kinds_for(user)
    entries = queue(user, at, kinds, after=place, size=1)[0] or queue(user, at, kinds, size=1)[0]
    return entries[0].url if entries else None


def _show(
    site: Any,
    request: HttpRequest,
    kind: Kind,
    row: Any,
    *,
    tried: dict[str, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The request with its papers and forms while it waits; then only how it was decided."""
    user, at, tried = user_of(request), database_now(), tried or {}
    seen = {
        **site.each_context(request),
        "title": kind.title(row),
        "kind": kind,
        "skip": _next(user, Entry(kind, row).key),
    }
    if kind.rows(user, at).filter(pk=row.pk).exists():
        seen |= _whole(kind, row, user, at, tried)
    else:
        said = [error for form in tried.values() for error in form.non_field_errors()]
        seen |= {"decided": kind.decided(row), "refusals": said}
    return TemplateResponse(request, "admin/inbox/item.html", seen, status=status)


def _whole(
    kind: Kind, row: Any, user: User, at: datetime, tried: dict[str, ReasonForm]
) -> dict[str, Any]:
    kind.opened(row, by=user, at=at)
    facts = kind.facts(row)
    return {
        "asked_at": Entry(kind, row).at,
        "facts": facts,
        "compares": any(fact.before is not None for fact in facts),
        "papers": kind.papers(row),
        "history": kind.history(row),
        "notes": list(kind.notes(row, at)),
        "steps": [_asked(kind, step, row, tried) for step in kind.offered(user, row)],
    }


def _asked(kind: Kind, step: Step, row: Any, tried: dict[str, ReasonForm]) -> dict[str, Any]:
    form = tried.get(step.name) or step.asks(asks_why=step.asks_why, row=row, prefix=step.name)
    return {"step": step, "form": form, "url": f"{kind.url(row)}{step.name}/"}
