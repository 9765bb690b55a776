"""The hospital's catalogues of reasons: why a doctor declines, or must send a patient offline.

A code is for ever (it stands in the trail and at the regulator); its sentence is for people.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.kernel.refusals import Refused


@dataclass(frozen=True)
class Reason:
    code: str
    label: str | Promise
    says: str | Promise  # to the patient


DECLINE = (
    Reason(
        "not-my-field",
        gettext_lazy("不是我的专业"),
        gettext_lazy("这个问题更适合其他科室的医生。"),
    ),
    Reason("no-time", gettext_lazy("今天没有时间"), gettext_lazy("医生今天排不开，请换一位医生。")),
    Reason(
        "first-visit",
        gettext_lazy("属于首次就诊"),
        gettext_lazy("这次属于首次就诊，请先到线下门诊。"),
    ),
    Reason(
        "too-little-known",
        gettext_lazy("资料不足，无法判断"),
        gettext_lazy("现有资料还不够判断，请补充检查资料，或到线下门诊。"),
    ),
    Reason("other", gettext_lazy("其他原因"), gettext_lazy("医生暂时不能接诊。")),
)
REFER = (
    Reason(
        "first-visit",
        gettext_lazy("判断为首次就诊"),
        gettext_lazy("这次属于首次就诊，按规定要先到线下门诊。"),
    ),
    Reason(
        "condition-changed",
        gettext_lazy("病情有变化"),
        gettext_lazy("病情有变化，医生需要当面检查。"),
    ),
    Reason(
        "needs-examination",
        gettext_lazy("需要体格检查或化验"),
        gettext_lazy("需要当面检查或化验后才能判断。"),
    ),
    Reason(
        "emergency",
        gettext_lazy("有危险信号，需立即就医"),
        gettext_lazy("您的情况需要马上就医：请立即去急诊，胸痛、呼吸困难、意识不清请拨打 120。"),
    ),
    Reason(
        "not-online",
        gettext_lazy("所需药品或治疗不能在线提供"),
        gettext_lazy("您需要的药品或治疗不能在线提供，请到线下门诊。"),
    ),
    Reason(
        "not-the-patient",
        gettext_lazy("不是患者本人或监护人"),
        gettext_lazy("没有核实到患者本人，不能继续在线问诊。"),
    ),
    Reason(
        "other",
        gettext_lazy("其他不适合在线问诊的情况"),
        gettext_lazy("您的情况不适合在线问诊，请到线下门诊。"),
    ),
)

PLATFORM = (  # what the platform itself ends a visit for; nobody chooses these
    Reason(
        "not-practising",
        gettext_lazy("医生暂时不能执业"),
        gettext_lazy("这位医生暂时不能线上接诊。"),
    ),
    Reason(
        "unattended",
        gettext_lazy("没有医生接手"),
        gettext_lazy("原来的医生暂时不能线上接诊，也没有同科医生接手，请到线下门诊。"),
    ),
)


def named(catalogue: tuple[Reason, ...], code: str) -> Reason:
    for reason in catalogue:
        if reason.code == code:
            return reason
    raise Refused(_("请从列出的原因里选一个。"), code="reason-unknown")


def said(code: str) -> str:
    """What the patient reads for the reason of an ended consultation; empty where there is none."""
    for reason in (*REFER, *DECLINE, *PLATFORM):
        if reason.code == code:
            return str(reason.says)
    return ""
