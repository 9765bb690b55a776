"""What is of the copy and on no sealed list: who read the record, and the account itself."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import selectors as trail
from hospital.accounts.models import Sitting
from hospital.notifications.models import Notice
from patients import exporting
from patients.exporting import Asking, Row, Section, one_by_one
from patients.models import Address, Link
from patients.rights.words import AT


def _reads(asking: Asking) -> Iterator[Row]:
    """Newest first, as the trail gives them."""
    before: int | None = None
    while page := list(trail.reads_of(asking.patient.public_id, before=before)[: exporting.CHUNK]):
        for event in page:
            yield {
                "id": event.pk,
                "visit": event.stream,
                "at": event.at,
                "kind": event.kind,
                "role": event.role,
                "why": event.facts.get("why", ""),
            }
        before = page[-1].pk


def _links(asking: Asking) -> Iterator[Row]:
    """How accounts are linked to this person; not whose accounts they are."""
    for each in one_by_one(Link.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "relation": each.relation,
            "is_guardian": each.is_guardian,
            "since": each.since,
            "until": each.until,
            "ended_at": each.ended_at,
        }


def _account(asking: Asking) -> Iterator[Row]:
    account = asking.account
    if account is None or not asking.is_own:
        return
    yield {
        "id": account.public_id,
        "what": _("账号"),
        "name": account.name,
        "phone": account.phone,
        "at": account.joined_at,
    }
    for address in one_by_one(Address.objects.filter(account=account)):
        yield {
            "id": address.public_id,
            "what": _("收货地址"),
            "name": address.name,
            "phone": address.phone,
            "address": f"{address.region}{address.detail}",
            "at": address.at,
        }
    for sitting in Sitting.objects.filter(user=account).order_by("signed_in_at"):
        yield {
            "id": sitting.public_id,
            "what": _("登录"),
            "at": sitting.signed_in_at,
            "ip": sitting.ip,
            "agent": sitting.agent,
        }
    for notice in one_by_one(Notice.objects.filter(to=account)):
        yield {
            "id": notice.public_id,
            "what": notice.said_title,
            "at": notice.at,
            "text": notice.said_body,
        }


SECTIONS: Final = (
    Section(
        "reads",
        gettext_lazy("谁看过我的病历"),
        {"at": AT, "kind": gettext_lazy("看了什么"), "role": gettext_lazy("谁")},
        _reads,
        is_record=False,
    ),
    Section(
        "links",
        gettext_lazy("谁能代您操作"),
        {"relation": gettext_lazy("关系"), "since": gettext_lazy("开始")},
        _links,
        is_record=False,
    ),
    Section(
        "account",
        gettext_lazy("账号"),
        {
            "what": gettext_lazy("项目"),
            "name": gettext_lazy("姓名"),
            "phone": gettext_lazy("手机号"),
            "address": gettext_lazy("地址"),
            "at": AT,
            "agent": gettext_lazy("设备"),
        },
        _account,
        is_record=False,
    ),
)
