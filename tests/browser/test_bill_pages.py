"""在线缴费 as it is seen: what is to be paid, one bill in each of its states, the back office."""

from datetime import timedelta

import pytest

from hospital.kernel.calendar import local_date
from tests.browser.looking import look
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


class Stage:
    """A daughter who acts for her mother, with bills to be paid, on their way and paid."""

    def __init__(self) -> None:
        from hospital.his import gateways, mirror  # noqa: PLC0415 - needs the apps
        from hospital.his.models import Cursor  # noqa: PLC0415
        from hospital.kernel.clock import database_now  # noqa: PLC0415
        from patients import services  # noqa: PLC0415
        from patients.models import BillPayment, Link  # noqa: PLC0415
        from tests import consulting, make, paying  # noqa: PLC0415
        from tests.billing import Cashier  # noqa: PLC0415

        at, cashier = database_now(), Cashier()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gateways, "read", cashier.read)
            patch.setattr(gateways, "notify_paid", cashier.notify_paid)
            user, mother = consulting.wang(at=at)
            who = consulting.person("李娜", "13800006630", local_date(at).replace(year=1985), at=at)
            lina = consulting.account("13800006630", "李娜")
            consulting.known(lina, who, at=at)
            Link.objects.create(
                account=lina, patient=mother, relation="parent", is_proven=True, since=at
            )
            bills = [
                cashier.raises(mother.person, fen=fen, at=at - timedelta(days=n))
                for n, fen in enumerate((7850, 128000, 4600))
            ]
            for bill in bills[1:]:
                charge = services.order_bill(bill, mother, by=user, at=at)
                paying.settle(charge, at=at)
            told = BillPayment.objects.get(bill=bills[2])
            services.tell_bill(told.pk, at=at)
        Cursor.objects.create(
            resource="Observation",
            started_at=at - timedelta(minutes=2),
            seen_at=at,
            pages=300,
            rows=60_000,
            expected=100_000,
        )
        broken = {"resourceType": "Patient", "id": "p-1", "birthDate": "?"}
        mirror.take("Patient", [broken], at=at)
        aside = mirror.Quarantined.objects.get()
        people = {"wang": user, "lina": lina}
        people |= {"it": make.staff("it-1", "it"), "finance": make.staff("finance-1", "finance")}
        browsers = {who: make.sitting_of(each) for who, each in people.items()}
        self.cookies = {who: {"sid": b.cookies["sid"].value} for who, b in browsers.items()}
        self.pages = {
            "bills-due": ("lina", f"/me/bills/?patient={mother.public_id}"),
            "bills-paid": ("wang", "/me/bills/?show=paid"),
            "bills-none": ("lina", "/me/bills/"),
            "bill-due": ("lina", f"/me/bills/{bills[0].public_id}/"),
            "bill-telling": ("wang", f"/me/bills/{bills[1].public_id}/"),
            "bill-paid": ("wang", f"/me/bills/{bills[2].public_id}/"),
            "bills-finance": ("finance", "/admin/patients/billpayment/"),
            "his-progress": ("it", "/admin/his/cursor/"),
            "his-aside": ("it", f"/admin/his/quarantined/{aside.pk}/change/"),
            "his-mend": ("it", f"/admin/his/quarantined/{aside.pk}/mend/"),
        }


PAGES = (
    "bills-due",
    "bills-paid",
    "bills-none",
    "bill-due",
    "bill-telling",
    "bill-paid",
    "bills-finance",
    "his-progress",
    "his-aside",
    "his-mend",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("bills", Stage, django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_bills_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    touched = who in {"wang", "lina"} and size == PHONE
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, 44 * touched)
    assert seen.status == 200
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.small == []
    assert seen.overflow <= 0
