"""Notices to the two sides. They name people and steps, never what was said or found.

Each reads them in their own language: they are kept sentences (`hospital.kernel.sentences`).
"""

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext_noop as _

from hospital.accounts.models import User
from hospital.consultations import reasons
from hospital.consultations.models import Consultation, Handover
from hospital.notifications.services import notify


def doctor_of_a_new_one(consultation: Consultation, *, cause: int, at: datetime) -> None:
    kind = _("在线复诊") if consultation.is_followup else _("健康咨询")
    notify(
        consultation.doctor.user,
        kind="consultation.pay",
        title=_("有新的患者待接诊"),
        body=_("%(patient)s 等您接诊（%(kind)s），请尽快查看。"),
        names={"patient": consultation.patient.name, "kind": kind},
        at=at,
        link=reverse("consultations:work-one", args=[consultation.public_id]),
        cause=cause,
    )


def colleague_of(handover: Handover, user: User, *, cause: int, at: datetime) -> None:
    """That a patient of a colleague waits for somebody to go on; nobody is named but them."""
    notify(
        user,
        kind="handover.ask",
        title=_("有一位患者等待接手"),
        body=_("%(doctor)s医生暂时不能接诊，请看看能否接手正在进行的问诊。"),
        names={"doctor": handover.former.name},
        at=at,
        link=reverse("consultations:handovers"),
        cause=cause,
    )


def patient_of(step: str, consultation: Consultation, *, cause: int, at: datetime) -> None:
    """What the step means for the person who asked, and what comes next."""
    title, body = _WORDS[step]
    here = reverse("consultations:consultation", args=[consultation.public_id])
    notify(
        consultation.asked_by,
        kind=f"consultation.{step}",
        title=title,
        body=body,
        names=_names(consultation),
        at=at,
        link=_colleagues_of(consultation) if step == "withdraw" else here,
        cause=cause,
    )


def _colleagues_of(consultation: Consultation) -> str:
    department = consultation.doctor.department.code
    return f"{reverse('consultations:doctors')}?{urlencode({'department': department})}"


def _names(consultation: Consultation) -> dict[str, str]:
    with translation.override(None):  # the sentence of the reason as it is kept
        why = reasons.said(consultation.end_reason)
    return {"doctor": consultation.doctor.name, "patient": consultation.patient.name, "why": why}


_WORDS: Final = {
    "accept": (_("%(doctor)s医生已接诊"), _("可以开始和医生说说%(patient)s的情况了。")),
    "close": (
        _("问诊已结束"),
        _("%(patient)s与%(doctor)s医生的问诊已结束，欢迎评价这次服务。"),
    ),
    "refer": (
        _("请到线下就诊"),
        _("%(doctor)s医生建议%(patient)s到线下就诊。%(why)s费用会原路全额退回。"),
    ),
    "decline": (
        _("医生没有接诊"),
        _("%(doctor)s医生没有接诊。%(why)s费用会原路全额退回。"),
    ),
    "withdraw": (
        _("问诊已取消，请换一位医生"),
        _(
            "%(doctor)s医生暂时不能线上接诊，%(patient)s的问诊已取消。付过的费用会原路全额退回，"
            "可以看看同科室的其他医生。"
        ),
    ),
    "handover-ask": (
        _("正在为您换一位医生"),
        _(
            "%(doctor)s医生暂时不能继续接诊，正在请同科室的医生接手%(patient)s的问诊，"
            "请稍等。没有医生接手会全额退款。"
        ),
    ),
    "handover-take": (
        _("%(doctor)s医生已接手"),
        _("从现在起由%(doctor)s医生继续%(patient)s的问诊，费用不变。"),
    ),
    "handover-resume": (
        _("%(doctor)s医生继续接诊"),
        _("%(doctor)s医生可以继续%(patient)s的问诊了。"),
    ),
    "unattended": (
        _("没有医生接手，已退款"),
        _("%(patient)s的问诊没有医生接手，已经结束。费用会原路全额退回，请到线下门诊。"),
    ),
    "lapse": (
        _("医生没有按时接诊，已退款"),
        _("%(doctor)s医生没有按时接诊，费用会原路全额退回，可以换一位医生。"),
    ),
}
