"""Steps that a manager takes on one row: a page that asks why, a service that does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_portal.base import Looking
from admin_portal.forms import ReasonForm
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

_GET_AND_POST = require_http_methods(["GET", "POST"])


@dataclass(frozen=True)
class Step:
    """`do(row, by=, at=, …)` is the service, with what its form asks, mostly `why`; `fits` says
    whether the row's state allows it."""

    name: str  # in the address
    label: str | Promise
    says: str | Promise  # what it means, before one confirms
    access: str
    do: Callable[..., object]
    fits: Callable[[Any], bool]
    asks_why: bool = True
    grave: bool = False
    asks: type[ReasonForm] = ReasonForm  # what the form holds is handed to the service
    tells: str | Promise = ""  # said above the service's answer, where it is shown, once


class Deciding(Looking):
    """A table whose rows have steps beside them."""

    steps: ClassVar[Sequence[Step]] = ()
    change_form_template = "admin/deciding.html"

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<path:object_id>/{step.name}/",
                door(step.access)(_GET_AND_POST(self.admin_site.admin_view(self._page(step)))),
                name=self._name(step),
            )
            for step in self.steps
        ]
        return [*own, *super().get_urls()]

    def opened(self, row: Any, *, by: Any, at: datetime) -> None:
        """The page of a step is about to be shown; where it shows what is a patient's, say so."""

    def about(self, row: Any) -> str:
        """The row in a few words, above the question."""
        return str(row)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if self.has_view_permission(request) else None
        offered = [] if row is None else self._offered(request, row)
        more = {"steps": offered, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    def _offered(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        admits = access.backend().admits
        return [
            {"step": step, "url": reverse(f"admin:{self._name(step)}", args=[row.pk])}
            for step in self.steps
            if step.fits(row) and admits(request.user, step.access) is not None
        ]

    def _page(self, step: Step) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, object_id: str) -> HttpResponse:
            row = self.get_object(request, object_id) if self.has_view_permission(request) else None
            if row is None:
                raise Http404
            asked = request.POST if request.method == "POST" else None
            form = step.asks(asked, asks_why=step.asks_why, row=row)
            if request.method == "GET":
                self.opened(row, by=request.user, at=database_now())
            if form.is_valid():
                try:
                    answer = self._do(step, row, request, form)
                except Refused as refusal:
                    keep_evidence(refusal)
                    form.add_error(None, refusal.message)
                else:
                    if step.tells:
                        return self.tell(request, row, answer, step.label, step.tells)
                    messages.success(request, _("已完成：%(step)s。") % {"step": step.label})
                    return redirect(f"admin:{self._place}_change", object_id)
            return self._ask(request, step, row, form)

        return page

    def _do(self, step: Step, row: Any, request: HttpRequest, form: ReasonForm) -> object:
        return step.do(row, by=request.user, at=database_now(), **form.cleaned_data)

    def tell(
        self,
        request: HttpRequest,
        row: Any,
        answer: object,
        label: str | Promise,
        words: str | Promise,
    ) -> HttpResponse:
        """What a service answered, on a page that nobody can open again."""
        shown = {
            **self.admin_site.each_context(request),
            "title": label,
            "words": words,
            "answer": answer,
            "original": row,
            "about": self.about(row),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/told.html", shown)

    def _ask(self, request: HttpRequest, step: Step, row: Any, form: ReasonForm) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "original": row,
            "about": self.about(row),
            "opts": self.opts,
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/step.html", shown, status=status)

    @property
    def _place(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _name(self, step: Step) -> str:
        return f"{self._place}_{step.name}"
