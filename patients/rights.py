"""What this room, and those below it, have of a patient: for copies and sealed lists."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import selectors as trail
from hospital.accounts.models import Sitting, User
from hospital.files.models import File
from hospital.his.models import Diagnosis, Medicine, Observation, Report, Visit
from hospital.notifications.models import Notice
from hospital.payments.lifecycle import ChargeState, RefundState
from hospital.payments.models import Charge, Refund
from patients import closing, exporting, retention, selectors
from patients.exporting import Asking, Row, one_by_one
from patients.models import Address, Allergy, Consent, Link, OnlineVisit, Patient
from patients.models import Medicine as Taken

NOTICES_FOR: Final = timedelta(days=365)


def answer() -> None:
    """Fill our own registries, also for the rooms below, which do not know them."""
    at, name = gettext_lazy("时间"), gettext_lazy("名称")
    for section, title, labels, collect in (
        (
            "patient",
            gettext_lazy("基本资料"),
            {
                "name": gettext_lazy("姓名"),
                "sex": gettext_lazy("性别"),
                "birth_date": gettext_lazy("出生日期"),
                "id_number": gettext_lazy("身份证号"),
                "phone": gettext_lazy("手机号"),
                "weight_kg": gettext_lazy("体重"),
                "pregnancy": gettext_lazy("怀孕"),
                "liver": gettext_lazy("肝功能"),
                "history": gettext_lazy("既往史"),
            },
            _patient,
        ),
        (
            "allergies",
            gettext_lazy("过敏史"),
            {"to": name, "reaction": gettext_lazy("反应"), "source": gettext_lazy("来源")},
            _allergies,
        ),
        (
            "medicines",
            gettext_lazy("在用药品"),
            {"name": name, "dosage": gettext_lazy("用法"), "since": gettext_lazy("开始")},
            _medicines,
        ),
        (
            "online_visits",
            gettext_lazy("健康档案里的线上就诊"),
            {
                "at": at,
                "department": gettext_lazy("科室"),
                "doctor": gettext_lazy("医生"),
                "diagnoses": gettext_lazy("诊断"),
            },
            _online_visits,
        ),
        (
            "consents",
            gettext_lazy("知情同意"),
            {
                "title": name,
                "version": gettext_lazy("版本"),
                "at": gettext_lazy("同意时间"),
                "withdrawn_at": gettext_lazy("撤回时间"),
            },
            _consents,
        ),
        (
            "his_visits",
            gettext_lazy("本院就诊记录（院内系统）"),
            {"at": at, "department": gettext_lazy("科室"), "summary": gettext_lazy("小结")},
            _his_visits,
        ),
        (
            "his_diagnoses",
            gettext_lazy("本院诊断（院内系统）"),
            {"at": at, "name": name, "code": gettext_lazy("编码")},
            _his_diagnoses,
        ),
        (
            "his_medicines",
            gettext_lazy("本院用药（院内系统）"),
            {"at": at, "name": name, "dosage": gettext_lazy("用法")},
            _his_medicines,
        ),
        (
            "his_reports",
            gettext_lazy("检验检查报告（院内系统）"),
            {"at": at, "title": name, "conclusion": gettext_lazy("结论")},
            _his_reports,
        ),
        (
            "his_values",
            gettext_lazy("检验数值（院内系统）"),
            {
                "at": at,
                "name": name,
                "value": gettext_lazy("结果"),
                "unit": gettext_lazy("单位"),
            },
            _his_values,
        ),
        (
            "files",
            gettext_lazy("图片和文件"),
            {"at": at, "kind": gettext_lazy("种类"), "file": gettext_lazy("编号")},
            _files,
        ),
        (
            "charges",
            gettext_lazy("收费"),
            {
                "opened_at": at,
                "what": gettext_lazy("项目"),
                "amount_fen": gettext_lazy("金额（分）"),
                "state": gettext_lazy("状态"),
            },
            _charges,
        ),
        (
            "refunds",
            gettext_lazy("退款"),
            {
                "asked_at": at,
                "amount_fen": gettext_lazy("金额（分）"),
                "state": gettext_lazy("状态"),
            },
            _refunds,
        ),
    ):
        exporting.register(section, title=title, labels=labels, collect=collect)
    _answer_for_accounts(at)
    closing.register("money", blocks=_open_money)
    closing.register("hold", blocks=_held)
    retention.register("patients.record", purge=retention.by_function("patients_purge_records"))
    retention.register("notifications.inbox", purge=_old_notices)


def _answer_for_accounts(at: Any) -> None:
    """What is of the copy and on no sealed list: who read the record, and the account itself."""
    exporting.register(
        "reads",
        title=gettext_lazy("谁看过我的病历"),
        labels={"at": at, "kind": gettext_lazy("看了什么"), "role": gettext_lazy("谁")},
        collect=_reads,
        is_record=False,
    )
    exporting.register(
        "links",
        title=gettext_lazy("谁能代您操作"),
        labels={"relation": gettext_lazy("关系"), "since": gettext_lazy("开始")},
        collect=_links,
        is_record=False,
    )
    exporting.register(
        "account",
        title=gettext_lazy("账号"),
        labels={
            "what": gettext_lazy("项目"),
            "name": gettext_lazy("姓名"),
            "phone": gettext_lazy("手机号"),
            "address": gettext_lazy("地址"),
            "at": at,
            "agent": gettext_lazy("设备"),
        },
        collect=_account,
        is_record=False,
    )


def _patient(asking: Asking) -> Iterator[Row]:
    who = asking.patient
    yield {
        "id": who.public_id,
        "name": who.name,
        "id_number": who.id_number,
        "phone": who.phone,
        "birth_date": who.birth_date,
        "sex": who.sex,
        "pregnancy": who.pregnancy,
        "is_lactating": who.is_lactating,
        "weight_kg": who.weight_kg,
        "liver": who.liver,
        "history": who.history,
        "allergies_known_at": who.allergies_known_at,
        "real_name_at": who.real_name_at,
        "recorded_at": who.recorded_at,
    }


def _allergies(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Allergy.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "to": each.to,
            "reaction": each.reaction,
            "source": each.source,
            "at": each.at,
        }


def _medicines(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Taken.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "name": each.name,
            "atc": each.atc,
            "dosage": each.dosage,
            "since": each.since,
            "until": each.until,
            "source": each.source,
            "origin": each.origin,
            "withdrawn_at": each.withdrawn_at,
        }


def _online_visits(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(OnlineVisit.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "visit": each.visit,
            "at": each.at,
            "department": each.department,
            "doctor": each.doctor,
            "diagnoses": each.diagnoses,
            "outcome": each.outcome,
        }


def _consents(asking: Asking) -> Iterator[Row]:
    rows = Consent.objects.filter(patient=asking.patient).select_related("text")
    for each in one_by_one(rows):
        yield {
            "id": each.public_id,
            "kind": each.text.kind,
            "version": each.text.version,
            "title": each.text.title,
            "body": each.text.body,
            "digest": each.digest,
            "at": each.at,
            "withdrawn_at": each.withdrawn_at,
        }


def _his_visits(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Visit.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "kind": each.kind,
            "department": each.department,
            "doctor": each.doctor,
            "summary": each.summary,
        }


def _his_diagnoses(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Diagnosis.objects.filter(person=asking.patient.person_id)):
        yield {"id": each.public_id, "at": each.at, "code": each.code, "name": each.name}


def _his_medicines(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Medicine.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "name": each.name,
            "atc": each.atc,
            "dosage": each.dosage,
            "until": each.until,
        }


def _his_reports(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Report.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "kind": each.kind,
            "title": each.title,
            "conclusion": each.conclusion,
        }


def _his_values(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Observation.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "code": each.code,
            "name": each.name,
            "value": each.value,
            "unit": each.unit,
            "low": each.low,
            "high": each.high,
        }


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


def _open_money(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    about = [patient.public_id for patient in patients]
    mine = Charge.objects.filter(payer=account) | Charge.objects.filter(about__in=about)
    if mine.filter(state=ChargeState.OPEN).exists():
        yield closing.Block(
            "charge", _("还有没支付的账单，请先支付或取消。"), reverse("payments:orders")
        )
    if Refund.objects.filter(charge__in=mine).exclude(state=RefundState.DONE).exists():
        yield closing.Block(
            "refund", _("还有退款没有到账，请等到账以后再注销。"), reverse("payments:orders")
        )


def _held(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    for patient in patients:
        if selectors.is_held(patient):
            yield closing.Block(
                "hold",
                _("%(patient)s的病历正在封存，解除封存以后才能注销。请联系医务处。")
                % {"patient": patient.name},
            )


def _old_notices(at: datetime, after: int, most: int) -> retention.Purged:
    ids = list(
        Notice.objects.filter(pk__gt=after, at__lte=at - NOTICES_FOR)
        .order_by("pk")
        .values_list("pk", flat=True)[:most]
    )
    gone, _by_model = Notice.objects.filter(pk__in=ids).delete()
    return retention.Purged(gone, ids[-1] if ids else None)
