"""Pictures and documents; bills and refunds."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy

from hospital.files.models import File
from hospital.payments.models import Charge, Refund
from patients.exporting import Asking, Row, Section, one_by_one
from patients.rights.words import AT


def _files(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(File.objects.filter(about=asking.patient.public_id)):
        yield {
            "id": each.public_id,
            "visit": each.stream,
            "file": each.public_id,
            "kind": each.kind,
            "at": each.at,
            "media_type": each.media_type,
            "size": each.size,
            "digest": each.digest,
            "name": each.name,
        }


def _charges(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Charge.objects.filter(about=asking.patient.public_id)):
        yield {
            "id": each.public_id,
            "visit": each.stream,
            "kind": each.kind,
            "what": each.what,
            "amount_fen": each.amount_fen,
            "refunded_fen": each.refunded_fen,
            "state": each.state,
            "trade_no": each.trade_no,
            "opened_at": each.opened_at,
            "paid_at": each.paid_at,
        }


def _refunds(asking: Asking) -> Iterator[Row]:
    rows = Refund.objects.filter(charge__about=asking.patient.public_id)
    for each in one_by_one(rows.select_related("charge")):
        yield {
            "id": each.public_id,
            "visit": each.charge.stream,
            "charge": each.charge.public_id,
            "amount_fen": each.amount_fen,
            "reason": each.reason,
            "state": each.state,
            "refund_no": each.refund_no,
            "asked_at": each.asked_at,
            "done_at": each.done_at,
        }


SECTIONS: Final = (
    Section(
        "files",
        gettext_lazy("图片和文件"),
        {"at": AT, "kind": gettext_lazy("种类"), "file": gettext_lazy("编号")},
        _files,
    ),
    Section(
        "charges",
        gettext_lazy("收费"),
        {
            "opened_at": AT,
            "what": gettext_lazy("项目"),
            "amount_fen": gettext_lazy("金额（分）"),
            "state": gettext_lazy("状态"),
        },
        _charges,
    ),
    Section(
        "refunds",
        gettext_lazy("退款"),
        {
            "asked_at": AT,
            "amount_fen": gettext_lazy("金额（分）"),
            "state": gettext_lazy("状态"),
        },
        _refunds,
    ),
)
