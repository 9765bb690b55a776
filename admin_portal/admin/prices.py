"""The price list: proposed by finance, published by another office, ended by either."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state
from admin_portal.price_forms import EndingForm, PriceForm
from admin_portal.site import site
from doctors import services
from doctors.lifecycle import PRICE
from doctors.models import Module, Price
from hospital.accounts.asking import user_of
from hospital.kernel import access
from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused

PROPOSE: Final = "admin.prices.propose"
DECIDE: Final = "admin.prices.decide"


def _from(step: str) -> Callable[[Any], bool]:
    return lambda row: step in PRICE.steps_from(row.state)


@admin.register(Price, site=site)
class Prices(Deciding):
    """Every line that was proposed, published, refused, withdrawn or ended."""

    access = "admin.prices"
    related = ("proposed_by", "decided_by", "ended_by")
    list_display = (
        "code",
        "service",
        "name",
        shown.money("price_fen", gettext_lazy("价格")),
        "starts_on",
        "ends_on",
        shown.state,
    )
    list_filter = (by_state(PRICE),)
    search_fields = ("public_id", "code")
    change_list_template = "admin/doctors/price/change_list.html"
    shows = (
        "public_id",
        "code",
        "service",
        "name",
        "name_en",
        "whose",
        shown.money("price_fen", gettext_lazy("价格")),
        "starts_on",
        shown.state,
        "proposed_at",
        "proposed_by",
        "decided_at",
        "decided_by",
        "ends_on",
        "ended_at",
        "ended_by",
        "reason",
    )
    steps = (
        Step(
            "publish",
            gettext_lazy("公布"),
            gettext_lazy("公布以后写进价目表，从生效日起可以使用；公布的价格不能再改。"),
            DECIDE,
            services.publish_price,
            _from("publish"),
            asks_why=False,
        ),
        Step(
            "refuse",
            gettext_lazy("不同意"),
            gettext_lazy("提出人会看到理由。"),
            DECIDE,
            services.refuse_price,
            _from("refuse"),
        ),
        Step(
            "withdraw",
            gettext_lazy("撤回"),
            gettext_lazy("只能撤回自己提出的。"),
            PROPOSE,
            services.withdraw_price,
            _from("withdraw"),
            asks_why=False,
        ),
        Step(
            "end",
            gettext_lazy("停用"),
            gettext_lazy("从这一天起，用这个价格的服务停止接单，直到医生另选价格。"),
            "admin.prices.end",
            services.end_price,
            _from("end"),
            grave=True,
            asks=EndingForm,
        ),
    )

    def about(self, price: Price) -> str:
        return f"{price.code} {price.name}"

    @admin.display(description=gettext_lazy("服务"))
    def service(self, price: Price) -> str:
        return str(Module(price.kind).label)

    @admin.display(description=gettext_lazy("适用职称"))
    def whose(self, price: Price) -> str:
        return "、".join(price.titles_said) or _("所有职称")

    @admin.display(description=gettext_lazy("理由"))
    def reason(self, price: Price) -> str:
        return price.why or "—"

    def get_urls(self) -> list[Any]:
        asked = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.propose))
        own = path("propose/", door(PROPOSE)(asked), name="doctors_price_propose")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = access.backend().admits(request.user, PROPOSE) is not None
        return super().changelist_view(request, {"may_propose": may, **(extra_context or {})})

    def propose(self, request: HttpRequest) -> HttpResponse:
        """A new line, which nobody can use until another office publishes it."""
        form = PriceForm(request.POST or None)
        if form.is_valid():
            try:
                price = services.propose_price(
                    **form.cleaned_data,
                    by=user_of(request),
                    at=database_now(),
                )
            except Refused as refusal:
                keep_evidence(refusal)
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("已提出，等另一个部门公布。"))
                return redirect("admin:doctors_price_change", price.pk)
        told = {
            **self.admin_site.each_context(request),
            "title": _("提出价目"),
            "opts": self.opts,
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/doctors/price/propose.html", told, status=status)
