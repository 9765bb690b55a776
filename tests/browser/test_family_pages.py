"""The e-record question by question and whom one acts for, as an eighty-year-old meets them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.browser.looking import look
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE = (390, 844)


class Stage:
    """郭立 with a daughter whose weight is old, and an elder whom he helps; one in elder size."""

    def __init__(self) -> None:
        from hospital.kernel.clock import database_now  # noqa: PLC0415 - needs the apps
        from patients import services  # noqa: PLC0415
        from patients.models import Link  # noqa: PLC0415
        from tests import consulting, make  # noqa: PLC0415

        at = database_now()
        user = consulting.account("13800006625", "郭立")
        who = consulting.person("郭立", "13800006625", date(1988, 9, 12), at=at)
        own = consulting.known(user, who, at=at)
        who = consulting.person(
            "郭小满", "13800006625", date(2021, 5, 20), guardian=("郭立", "13800006625"), at=at
        )
        child = services.register(
            user, name="郭小满", id_number=who.id_number, relation="child", at=at
        )
        weighed = {"weight_kg": Decimal("14.5")}
        services.answer(child, "weight", said=weighed, by=user, at=at - timedelta(days=300))
        wang, elder = consulting.wang(at)
        takes = {"medicines": [{"name": "鱼油", "dosage": "每天一粒"}]}
        services.answer(elder, "medicines", said=takes, by=wang, at=at)
        helped = {"relation": "helper", "is_proven": True, "since": at}
        helped["until"] = at + timedelta(days=365)
        Link.objects.create(account=user, patient=elder, **helped)
        wang.size = "elder"
        wang.save(update_fields=["size"])
        people = {"son": user, "elder": wang}
        self.cookies = {
            name: {"sid": make.sitting_of(person).cookies["sid"].value}
            for name, person in people.items()
        }
        a, b, c = (f"/me/patients/{each.public_id}" for each in (own, child, elder))
        self.pages = {
            "family-members": ("son", "/me/patients/"),
            "family-new": ("son", "/me/patients/new/"),
            "family-steps": ("son", f"{b}/health/"),
            "family-record": ("son", f"{b}/"),
            "family-agree": ("son", f"{b}/consent/"),
            "family-help": ("son", f"{c}/"),
            "family-contact": ("son", f"{a}/health/contact/"),
            "step-weight": ("son", f"{b}/health/weight/"),
            "elder-members": ("elder", "/me/patients/"),
            "elder-steps": ("elder", f"{c}/health/"),
            "elder-allergies": ("elder", f"{c}/health/allergies/"),
            "elder-history": ("elder", f"{c}/health/history/"),
            "elder-medicines": ("elder", f"{c}/health/medicines/"),
            "elder-insurance": ("elder", f"{c}/health/insurance/"),
        }


PAGES = (
    "family-members",
    "family-new",
    "family-steps",
    "family-record",
    "family-agree",
    "family-help",
    "family-contact",
    "step-weight",
    "elder-members",
    "elder-steps",
    "elder-allergies",
    "elder-history",
    "elder-medicines",
    "elder-insurance",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("family", Stage, django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_family_is_sound(stage, chromium, name):
    who, path = stage.pages[name]
    least = 60 if who == "elder" else 44
    seen = chromium.do(look, stage.base, stage.cookies[who], path, PHONE, name, least)
    assert (seen.status, seen.address) == (200, path)
    assert (seen.axe, seen.csp, seen.console, seen.small) == ([], [], [], [])
    assert seen.overflow <= 0
