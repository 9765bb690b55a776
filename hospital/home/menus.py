"""Where people can go: one line for each way, named by URL.

A way whose page does not exist yet is not shown, and neither is one for another role, so a new
room adds its line here and nothing else. `tone` colours the tile of a service on the first page
(blue, amber, violet, red; teal where none is given).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PATIENT, DOCTOR, PHARMACIST = (
    frozenset({"patient"}),
    frozenset({"doctor"}),
    frozenset({"pharmacist"}),
)
CLINICIANS = DOCTOR | PHARMACIST
ANYONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    to: str  # URL name
    label: str | Promise
    icon: str
    roles: frozenset[str] = ANYONE
    tone: str = ""
    says: str | Promise = ""  # one line more, where there is room
    badge: bool = False  # carries the number of unread notices
    std_only: bool = False  # left out of the elder home, which shows six


@dataclass(frozen=True)
class Shown:
    """An entry as a template draws it."""

    entry: Entry
    url: str
    current: bool

    def __getattr__(self, name: str) -> object:
        return getattr(self.entry, name)


# The patient's tabs: at most four.
TABS = (
    Entry("home:first", _("首页"), "house"),
    Entry("consultations:doctors", _("找医生"), "stethoscope"),
    Entry("notifications:inbox", _("消息"), "message-circle", PATIENT, badge=True),
    Entry("home:me", _("我的"), "user-round", PATIENT),
)

# The two large tiles on the patient's first page, and the small ones under them.
MAIN_SERVICES: tuple[Entry, ...] = (
    Entry(
        "consultations:departments",
        _("在线问诊"),
        "message-square-text",
        says=_("复诊开药、健康咨询，找原来的医生"),
    ),
    Entry(
        "consultations:mine",
        _("我的问诊"),
        "calendar-check",
        PATIENT,
        says=_("继续问诊，看医生回复和进度"),
    ),
)
SERVICES = (
    Entry("prescriptions:prescriptions", _("处方购药"), "pill", PATIENT),
    Entry("payments:orders", _("我的订单"), "clipboard-list", PATIENT, tone="blue"),
    Entry("patients:bills", _("院内缴费"), "wallet", PATIENT, tone="red", std_only=True),
    Entry("patients:reports", _("检查报告"), "flask-conical", PATIENT, tone="violet"),
    Entry("patients:members", _("就诊人"), "users-round", PATIENT, tone="amber"),
)

# The staff's rail, and what stands at its foot: words that fit a narrow column (`place`).
RAIL = (
    Entry("home:doctor", pgettext_lazy("place", "工作台"), "layout-dashboard", DOCTOR),
    Entry("consultations:work", pgettext_lazy("place", "接诊"), "stethoscope", DOCTOR),
    Entry("prescriptions:written", pgettext_lazy("place", "处方"), "pill", DOCTOR),
    Entry("patients:shared-with-me", pgettext_lazy("place", "共享"), "folder-heart", DOCTOR),
    Entry("patients:reviews", pgettext_lazy("place", "外院"), "file-text", DOCTOR),
    Entry("home:pharmacist", pgettext_lazy("place", "工作台"), "layout-dashboard", PHARMACIST),
    Entry("prescriptions:reviews", _("审方"), "shield-check", PHARMACIST),
    Entry("prescriptions:dispensary", _("发药"), "package", PHARMACIST),
    Entry("notifications:inbox", pgettext_lazy("place", "消息"), "bell", badge=True),
)
FOOT = (
    Entry("doctors:settings", _("设置"), "settings", DOCTOR),
    Entry("doctors:account", pgettext_lazy("place", "资质"), "badge-check", PHARMACIST),
    Entry("accounts:methods", _("账号"), "lock"),
    Entry("web:gallery", _("组件"), "layout-dashboard", frozenset({"it", "system_admin"})),
)

# The rows of 我的.
MINE = (
    Entry("consultations:mine", _("我的问诊"), "message-square-text"),
    Entry("patients:members", _("就诊人"), "users-round", says=_("本人和家人的健康档案")),
    Entry("patients:reports", _("检查报告"), "flask-conical"),
    Entry("prescriptions:prescriptions", _("我的处方"), "pill"),
    Entry("patients:bills", _("院内缴费"), "wallet", says=_("医院开出的账单，不用去窗口排队")),
    Entry("payments:orders", _("我的订单"), "clipboard-list"),
    Entry("notifications:inbox", _("消息"), "bell", badge=True),
    Entry("patients:addresses", _("收货地址"), "map-pin"),
    Entry(
        "patients:consents", _("知情同意"), "shield-check", says=_("看看同意过什么，随时可以撤回")
    ),
    Entry("patients:my-reads", _("谁看过我的病历"), "eye", says=_("每次查看都有记录，可以留凭证")),
    Entry("patients:my-sharing", _("共享病历"), "folder-heart", says=_("给另一位医生看，随时收回")),
    Entry("patients:data", _("我的资料"), "download", says=_("下载全部资料、申请更正、注销")),
    Entry("accounts:phone", _("登录手机号"), "phone", says=_("换号了，在这里改")),
    Entry("accounts:sittings", _("登录设备"), "lock", says=_("看看还有哪些手机或电脑登录着")),
)


def shown(entries: Iterable[Entry], roles: Iterable[str], path: str) -> list[Shown]:
    """The entries that exist and are meant for somebody with these roles."""
    found = [
        (entry, url)
        for entry in entries
        if (not entry.roles or not entry.roles.isdisjoint(roles)) and (url := _address(entry.to))
    ]
    here = max((url for _entry, url in found if _leads_to(url, path)), key=len, default="")
    return [Shown(entry, url, current=url == here) for entry, url in found]


def _address(name: str) -> str:
    """Empty while nothing has that name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
