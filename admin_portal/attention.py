"""What waits for somebody in the back office: a number, a sentence, the way there.

What somebody decides waits in the inbox; the table here names what has to be seen to otherwise. A
source counts no further than it is shown; who may not open its table is not told either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_portal.inbox import merging
from admin_portal.inbox.frame import kinds_for
from audit import selectors as audit
from audit.models import Watch
from hospital.consultations.models import Consultation, Handover
from hospital.his.models import Cursor, Quarantined
from hospital.kernel import access
from hospital.payments.models import Alarm, Refund
from hospital.regulator import selectors as regulator
from patients import selectors as patients
from patients.models import BillPayment
from prescriptions.models import Drug, Prescription

ENOUGH: Final = 100
RECENT: Final = timedelta(days=7)
SOON: Final = timedelta(hours=2)
SLOW: Final = timedelta(minutes=30)
UNWATCHED: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Source:
    access: str
    says: str | Promise
    rows: Callable[[datetime], QuerySet[Any]]
    table: str  # URL name
    query: str = ""
    tone: str = "warn"


@dataclass(frozen=True)
class Waiting:
    says: str | Promise
    count: int
    url: str
    tone: str

    @property
    def shown(self) -> str:
        return str(self.count) if self.count < ENOUGH else f"{ENOUGH - 1}+"


SOURCES: Final = (
    Source(
        "admin.alarms",
        _("条审计告警没有处理完"),
        lambda _at: audit.open_alarms(),
        "admin:audit_alarm_changelist",
        tone="danger",
    ),
    Source(
        "admin.alarms",
        _("项告警巡查停了一分钟以上，请找信息中心"),
        lambda at: Watch.objects.filter(at__lt=at - UNWATCHED),
        "admin:audit_alarm_changelist",
        tone="danger",
    ),
    Source(
        "admin.break-glass",
        _("次急诊查阅超过时限没有复核"),
        patients.overdue_reviews,
        "admin:patients_glass_changelist",
        "?state=ended",
        "danger",
    ),
    Source(
        "admin.uploads",
        _("条监管上报需要处理"),
        lambda _at: regulator.quarantined(),
        "admin:regulator_upload_changelist",
        "?state=quarantined",
        "danger",
    ),
    Source(
        "admin.uploads",
        _("条监管上报等了一小时以上"),
        regulator.overdue,
        "admin:regulator_upload_changelist",
        "?state=pending",
    ),
    Source(
        "admin.money",
        _("笔退款受阻"),
        lambda _at: Refund.objects.filter(state="failed"),
        "admin:payments_refund_changelist",
        "?state=failed",
        "danger",
    ),
    Source(
        "admin.money",
        _("条收费告警（7 天内）"),
        lambda at: Alarm.objects.filter(at__gt=at - RECENT),
        "admin:payments_alarm_changelist",
        tone="danger",
    ),
    Source(
        "admin.bills",
        _("笔院内缴费还没有通知到医院"),
        lambda at: BillPayment.objects.filter(state="paid", at__lt=at - SLOW),
        "admin:patients_billpayment_changelist",
        "?state=paid",
        "danger",
    ),
    Source(
        "admin.his",
        _("类院内数据同步出错"),
        lambda _at: Cursor.objects.exclude(error=""),
        "admin:his_cursor_changelist",
        tone="danger",
    ),
    Source(
        "admin.his",
        _("条院内数据被隔离"),
        lambda _at: Quarantined.objects.filter(mended_at=None),
        "admin:his_quarantined_changelist",
    ),
    Source(
        "admin.stock",
        _("种在售药品没有库存"),
        lambda _at: Drug.objects.filter(is_sold=True, packs=0),
        "admin:prescriptions_drug_changelist",
        "?is_sold=True",
    ),
    Source(
        "admin.prescriptions",
        _("张处方等待审方超过半小时"),
        lambda at: Prescription.objects.filter(state="signed", signed_at__lt=at - SLOW),
        "admin:prescriptions_prescription_changelist",
        "?state=signed",
    ),
    Source(
        "admin.handovers",
        _("次问诊的医生不能执业，等待同科接手"),
        lambda _at: Handover.objects.filter(state="asked"),
        "admin:consultations_handover_changelist",
        "?state=asked",
        "danger",
    ),
    Source(
        "admin.consultations",
        _("次问诊两小时内要超过接诊时限"),
        lambda at: Consultation.objects.filter(state="waiting", accept_by__lt=at + SOON),
        "admin:consultations_consultation_changelist",
        "?state=waiting",
    ),
)


def waiting_for(user: Any, at: datetime) -> list[Waiting]:
    """What waits for this person: first what they decide, then the table above in its order."""
    admits = access.backend().admits
    told = (
        Waiting(
            source.says,
            source.rows(at).order_by()[:ENOUGH].count(),
            reverse(source.table) + source.query,
            source.tone,
        )
        for source in SOURCES
        if admits(user, source.access) is not None
    )
    return [each for each in (_to_decide(user, at), *told) if each.count]


def _to_decide(user: Any, at: datetime) -> Waiting:
    found = merging.count(user, at, kinds_for(user), most=ENOUGH)
    return Waiting(_("件事等您审批"), min(found, ENOUGH), reverse("admin:inbox"), "warn")
