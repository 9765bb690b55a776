"""What this room answers when patients ask for a copy, close their account, or time has passed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.accounts.models import User
from hospital.consultations.lifecycle import ALIVE
from hospital.consultations.models import Consultation, Message, Rating
from patients import closing, exporting, retention
from patients.exporting import Asking, Row, one_by_one
from patients.models import Patient

_SIDES = {
    "patient": gettext_lazy("患者"),
    "doctor": gettext_lazy("医生"),
    "system": gettext_lazy("系统"),
}


def answer() -> None:
    """Fill the registries of the rooms below. The worker registered last works first."""
    exporting.register(
        "consultations",
        title=gettext_lazy("在线问诊"),
        labels={
            "ordered_at": gettext_lazy("下单时间"),
            "department": gettext_lazy("科室"),
            "doctor": gettext_lazy("医生"),
            "state_said": gettext_lazy("状态"),
            "complaint": gettext_lazy("病情描述"),
            "diagnoses": gettext_lazy("诊断"),
            "ended_at": gettext_lazy("结束时间"),
            "end_note": gettext_lazy("医生留言"),
        },
        collect=_consultations,
    )
    exporting.register(
        "messages",
        title=gettext_lazy("问诊对话"),
        labels={
            "at": gettext_lazy("时间"),
            "side_said": gettext_lazy("谁"),
            "text": gettext_lazy("内容"),
            "file": gettext_lazy("图片"),
        },
        collect=_messages,
    )
    exporting.register(
        "ratings",
        title=gettext_lazy("我的评价"),
        labels={
            "at": gettext_lazy("时间"),
            "stars": gettext_lazy("几颗星"),
            "text": gettext_lazy("评价"),
        },
        collect=_ratings,
    )
    closing.register("consultation", blocks=_open_ones)
    for kind, function in (("record", "records"), ("process", "process")):
        retention.register(
            f"consultations.{kind}",
            purge=retention.by_function(f"consultations_purge_{function}"),
        )


def _consultations(asking: Asking) -> Iterator[Row]:
    rows = Consultation.objects.filter(patient=asking.patient)
    for each in one_by_one(rows.select_related("doctor__department")):
        yield {
            "id": each.public_id,
            "visit": each.public_id,
            "kind": each.kind,
            "state": each.state,
            "state_said": each.face.label,
            "department": each.doctor.department.name,
            "doctor": each.doctor.name,
            "complaint": each.complaint,
            "diagnoses": each.diagnoses,
            "guardian_present": each.guardian_present,
            "fee_fen": each.fee_fen,
            "ordered_at": each.ordered_at,
            "paid_at": each.paid_at,
            "accepted_at": each.accepted_at,
            "ended_at": each.ended_at,
            "end_reason": each.end_reason,
            "end_note": each.end_note,
        }


def _messages(asking: Asking) -> Iterator[Row]:
    rows = Message.objects.filter(consultation__patient=asking.patient)
    for each in one_by_one(rows.select_related("consultation", "file")):
        yield {
            "id": each.public_id,
            "visit": each.consultation.public_id,
            "seq": each.seq,
            "kind": each.kind,
            "side": each.side,
            "side_said": str(_SIDES[each.side]),
            "at": each.at,
            "text": each.text or _card_words(each.card),
            "card": each.card,
            "file": each.file.public_id if each.file else None,
        }


def _card_words(card: Any) -> str:
    return str(card.get("title", "")) if isinstance(card, dict) else ""


def _ratings(asking: Asking) -> Iterator[Row]:
    rows = Rating.objects.filter(consultation__patient=asking.patient)
    for each in one_by_one(rows.select_related("consultation")):
        yield {
            "id": each.public_id,
            "visit": each.consultation.public_id,
            "at": each.at,
            "stars": each.stars,
            "text": each.text,
        }


def _open_ones(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    """A visit that is not over, whoever of the family it is for."""
    alive = Consultation.objects.filter(patient__in=patients, state__in=ALIVE)
    for each in alive.select_related("doctor", "patient").order_by("pk"):
        yield closing.Block(
            "consultation",
            _("%(patient)s和%(doctor)s医生的问诊还没有结束，请先结束或取消。")
            % {"patient": each.patient.name, "doctor": each.doctor.name},
            reverse("consultations:consultation", args=[each.public_id]),
        )
