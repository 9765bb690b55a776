"""Notices about who was let in to a record. They name people and times, nothing of the record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_noop as _

from hospital.kernel.money import yuan
from hospital.notifications.services import notify
from hospital.payments.models import Refund
from patients import selectors
from patients.lifecycle import GlassState
from patients.models import BillPayment, Evidence, Glass, Link, Patient, Share
from patients.standing import standing

_REVIEWS: Final = {
    GlassState.JUSTIFIED: (
        _("急诊查阅已复核：理由成立"),
        _("医务处复核了%(doctor)s医生对%(patient)s病历的急诊查阅，认为理由成立。"),
    ),
    GlassState.UNJUSTIFIED: (
        _("急诊查阅已复核：理由不成立"),
        _("医务处认为%(doctor)s医生对%(patient)s病历的急诊查阅理由不成立，医院会处理并联系您。"),
    ),
}


def of_a_glass(glass: Glass, *, cause: int, at: datetime) -> None:
    """At once, to the patient, and for a child to the guardian."""
    _near(
        glass.patient,
        kind="break-glass.open",
        title=_("医生因急诊查阅了病历"),
        body=_(
            "%(doctor)s医生因急诊打开了%(patient)s的病历，到 %(until)s 自动结束。"
            "看了什么都有记录，医务处会在一天内复核。如果您没有就急诊，请联系医院。"
        ),
        names={"doctor": glass.by.name, "until": f"{localtime(glass.until):%H:%M}"},
        link=reverse("patients:reads", args=[glass.patient.public_id]),
        cause=cause,
        at=at,
    )


def of_a_review(glass: Glass, *, cause: int, at: datetime) -> None:
    """How it was judged: to the patient's side and to the doctor."""
    title, body = _REVIEWS[GlassState(glass.state)]
    kind, names = "break-glass.review", {"doctor": glass.by.name}
    link = reverse("patients:reads", args=[glass.patient.public_id])
    _near(
        glass.patient, kind=kind, title=title, body=body, names=names, link=link, cause=cause, at=at
    )
    notify(
        glass.by,
        kind=kind,
        title=title,
        body=body,
        names={**names, "patient": glass.patient.name},
        link=reverse("patients:glass", args=[glass.public_id]),
        cause=cause,
        at=at,
    )


def of_a_share(share: Share, *, cause: int, at: datetime) -> None:
    """To the doctor who was let in."""
    notify(
        share.doctor,
        kind="share.give",
        title=_("有患者把病历共享给您"),
        body=_("%(patient)s同意您查看健康档案，到 %(until)s 为止，患者可以随时收回。"),
        names={"patient": share.patient.name, "until": f"{localtime(share.until):%F %H:%M}"},
        link=reverse("patients:shared-with-me"),
        cause=cause,
        at=at,
    )


def of_a_question(share: Share, *, cause: int, at: datetime) -> None:
    """To the patient's side: may this colleague be consulted?"""
    _near(
        share.patient,
        kind="share.ask",
        title=_("医生想请同事一起会诊"),
        body=_(
            "%(asker)s医生想请%(doctor)s医生会诊，需要您同意%(doctor)s医生查看%(patient)s的病历。"
        ),
        names={"asker": share.asked_by.name, "doctor": share.doctor.name},
        link=reverse("patients:sharing", args=[share.patient.public_id]),
        cause=cause,
        at=at,
    )


def of_a_no(share: Share, *, cause: int, at: datetime) -> None:
    """To the doctor who asked for the 会诊."""
    notify(
        share.asked_by,
        kind="share.decline",
        title=_("患者没有同意会诊"),
        body=_("%(patient)s没有同意请%(doctor)s医生会诊，%(doctor)s医生没有看到病历。"),
        names={"patient": share.patient.name, "doctor": share.doctor.name},
        cause=cause,
        at=at,
    )


def of_a_bill(payment: BillPayment, *, at: datetime) -> None:
    """To who paid here what somebody had paid at the window."""
    notify(
        payment.charge.payer,
        kind="bill.return",
        title=_("院内账单已在窗口缴过"),
        body=_("您在线上付的 %(sum)s 元会原路退回，不用再做什么。"),
        names={"sum": yuan(payment.charge.amount_fen)},
        link=reverse("payments:order", args=[payment.charge.public_id]),
        at=at,
    )


def of_a_bill_refund(refund: Refund, *, at: datetime) -> None:
    """To the payer: the money is back."""
    notify(
        refund.charge.payer,
        kind="bill.refund",
        title=_("院内缴费已退回"),
        body=_("%(sum)s 元已退回，请留意支付账户。"),
        names={"sum": yuan(refund.amount_fen)},
        link=reverse("payments:order", args=[refund.charge.public_id]),
        at=at,
    )


def of_a_link_over(link: Link, *, cause: int, at: datetime) -> None:
    """To whoever acted for the patient until today, and why that is over."""
    is_of_age = link.is_guardian
    notify(
        link.account,
        kind="link.over",
        title=_("孩子满 18 岁了，由本人接管") if is_of_age else _("代办满一年，已经结束"),
        body=_(
            "%(patient)s满 18 岁，监护人的关系今天结束，之前由您代为的同意也一并失效。"
            "请本人用自己的手机号登录、实名，再看一遍同意书；"
            "如果医院登记的还是您的手机号，请本人带身份证到门诊服务台更改。"
        )
        if is_of_age
        else _("您替%(patient)s代办已满一年。要继续的话，请在“就诊人”里重新添加，再由本人同意。"),
        names={"patient": link.patient.name},
        link=reverse("patients:members"),
        cause=cause,
        at=at,
    )


def of_a_helper(link: Link, *, cause: int, at: datetime) -> None:
    """To the patient's own account: who may act for them from now on."""
    own = Link.objects.filter(standing(), patient=link.patient, relation="self")
    for mine in own.select_related("account"):
        notify(
            mine.account,
            kind="link.helper",
            title=_("有人开始替您代办"),
            body=_(
                "%(helper)s从今天起可以替您挂号、付费、和医生对话。不想让对方代办，随时可以移除。"
            ),
            names={"helper": link.account.name or _("对方")},
            link=reverse("patients:members"),
            cause=cause,
            at=at,
        )


def _near(patient: Patient, *, names: Mapping[str, str], **told: Any) -> None:
    for link in selectors.nearest_to(patient):
        notify(link.account, names={**names, "patient": patient.name}, **told)


_PAPERS: Final = {
    "confirm": (
        _("外院病历审核通过"),
        _("%(patient)s的外院病历已经通过，到 %(until)s 都可以用来在线复诊。"),
    ),
    "refuse": (
        _("外院病历没有通过"),
        _("%(patient)s上传的外院病历没有通过：%(why)s 可以补好再传，或到线下门诊就诊。"),
    ),
    "revoke": (
        _("外院病历已撤销"),
        _("%(patient)s的外院病历经复查不能作为复诊依据：%(why)s 请重新上传，或到线下门诊就诊。"),
    ),
    "expire": (
        _("外院病历到期了"),
        _("%(patient)s的外院病历已经到期。要继续在线复诊，请上传新的病历，或到线下门诊就诊。"),
    ),
}


def of_a_paper(step: str, paper: Evidence, *, cause: int, at: datetime) -> None:
    """To whoever handed it in, and to the patient's own account: what came of it."""
    title, body = _PAPERS[step]
    until = f"{paper.expires_on:%F}" if paper.expires_on else ""
    acting = Link.objects.filter(standing(), patient=paper.patient)
    near = acting.filter(relation="self") | acting.filter(account=paper.by)
    for link in near.select_related("account").order_by("pk"):
        notify(
            link.account,
            kind=f"evidence.{step}",
            title=title,
            body=body,
            names={"patient": paper.patient.name, "until": until, "why": paper.why},
            link=reverse("patients:papers", args=[paper.patient.public_id]),
            cause=cause,
            at=at,
        )
