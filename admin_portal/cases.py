"""One case as one line of time: who did what when, and whether it was done. No word of the patient.

For medical affairs, who answer for a visit, and for inspectors, who check it.
"""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import selectors
from audit.models import Event
from hospital.accounts.roles import Role
from hospital.kernel.normalise import whole

MOST: Final = 200  # events on one page
KINDS: Final = {
    "consultation.order": gettext_lazy("下单"),
    "consultation.pay": gettext_lazy("支付成功，等待接诊"),
    "consultation.accept": gettext_lazy("接诊"),
    "consultation.decline": gettext_lazy("退诊"),
    "consultation.cancel": gettext_lazy("取消"),
    "consultation.expire": gettext_lazy("超时未支付"),
    "consultation.lapse": gettext_lazy("超时未接诊"),
    "consultation.close": gettext_lazy("问诊结束"),
    "consultation.refer": gettext_lazy("终止并转线下"),
    "consultation.withdraw": gettext_lazy("医生不能执业，订单取消"),
    "handover.ask": gettext_lazy("医生不能执业，请同科接手"),
    "handover.take": gettext_lazy("同科医生接手"),
    "handover.end": gettext_lazy("交接了结"),
    "consultation.rate": gettext_lazy("评价"),
    "message.say": gettext_lazy("发言"),
    "consultation.read": gettext_lazy("查看问诊"),
    "prescription.read": gettext_lazy("查看处方"),
    "record.read": gettext_lazy("查看健康档案"),
    "file.keep": gettext_lazy("上传图片"),
    "file.read": gettext_lazy("查看图片"),
    "charge.open": gettext_lazy("开立账单"),
    "charge.ask": gettext_lazy("去支付"),
    "charge.settle": gettext_lazy("到账"),
    "charge.close": gettext_lazy("关闭账单"),
    "refund.ask": gettext_lazy("申请退款"),
    "refund.send": gettext_lazy("提交退款"),
    "refund.finish": gettext_lazy("退款完成"),
    "refund.fail": gettext_lazy("退款失败"),
    "prescription.begin": gettext_lazy("开始开方"),
    "prescription.change": gettext_lazy("修改处方草稿"),
    "prescription.sign": gettext_lazy("医师签名"),
    "prescription.approve": gettext_lazy("审方通过"),
    "prescription.return": gettext_lazy("审方退回"),
    "prescription.reject": gettext_lazy("审方不通过"),
    "prescription.void": gettext_lazy("处方作废"),
    "prescription.expire": gettext_lazy("处方过期"),
    "prescription.order": gettext_lazy("选择取药方式"),
    "prescription.dispense": gettext_lazy("发药"),
    "delivery.pack": gettext_lazy("配药"),
    "delivery.ship": gettext_lazy("发货"),
    "delivery.deliver": gettext_lazy("签收"),
    "regulator.acknowledge": gettext_lazy("监管平台确认收到"),
    "regulator.quarantine": gettext_lazy("监管平台退回，待处理"),
    "regulator.mend": gettext_lazy("重新上报"),
}


def page(request: HttpRequest, visit: UUID, frame: dict[str, Any]) -> HttpResponse:
    """The timeline of a visit, oldest first; a visit that left no trace is not found."""
    after = whole(request.GET.get("after", "0"), low=0)
    events = list(selectors.of_stream(visit).filter(pk__gt=after)[: MOST + 1])
    if not events and not after:
        raise Http404
    shown = {
        **frame,
        "title": _("就诊经过"),
        "visit": visit,
        "rows": [_row(event) for event in events[:MOST]],
        "next": events[MOST - 1].pk if len(events) > MOST else None,
    }
    return TemplateResponse(request, "admin/case.html", shown)


def _row(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "says": KINDS.get(event.kind, event.kind),
        "done": event.outcome == "done",
        "role": _role(event),
        "schema": event.facts.get("schema", ""),
    }


def _role(event: Event) -> str:
    if event.role in Role.values:
        return str(Role(event.role).label)
    return _("系统") if event.actor is None else ""
