"""What in the trail is worth an alarm: every threshold of the platform stands here.

A pattern counts events of some kinds within a window that ends now, for each of whoever the
pattern is about (`of`), and is reached at `times`. GB/T 22239-2019 8.1.4.3d, 8.1.4.4f; the list of
8.1's last line of the project's register. `says` is a kept sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop as _

READS: Final = (
    "record.read",
    "file.read",
    "prescription.read",
    "consultation.read",
    "report.read",
)
GUESSES: Final = (
    "account.sign-in-fail",
    "account.verify-fail",
    "account.recall-fail",
    "account.password-fail",
    "account.activate-fail",
    "code.fail",
)
EXPORTS: Final = ("patient.export", "audit.export", "admin.export")
UNTRUE: Final = ("signature-broken", "signature", "callback-unsigned")  # codes of refusals

_STAFF: Final = "e.actor IS NOT NULL AND e.role NOT IN ('', 'patient')"
_TIMES: Final = "count(*)"
_PATIENTS: Final = "count(DISTINCT e.about)"
_COUNTED: Final = "sum(coalesce((e.facts->>'count')::bigint, 1))"  # a row may stand for many
_ROWS: Final = "sum(coalesce((e.facts->>'rows')::bigint, 0))"
_AT_NIGHT: Final = "extract(hour FROM e.at AT TIME ZONE 'Asia/Shanghai') < 5"

ACTOR: Final = "e.actor::text"
ADDRESS: Final = "host(e.ip)"
ACTOR_AND_PATIENT: Final = "e.actor::text || ' ' || e.about::text"
ACTOR_OR_ADDRESS: Final = "coalesce(e.actor::text, host(e.ip), '')"


@dataclass(frozen=True)
class Pattern:
    kind: str
    says: str
    window: timedelta
    times: int = 1
    kinds: tuple[str, ...] = ()  # none: not looked for in the trail, somebody says so
    of: str = ACTOR
    counts: str = _TIMES
    where: str = "TRUE"


PATTERNS: Final = (
    Pattern(
        "many-patients",
        _("一名职工十分钟内查看了五十多位患者的资料"),
        timedelta(minutes=10),
        51,
        READS,
        counts=_PATIENTS,
        where=f"{_STAFF} AND e.outcome = 'done'",
    ),
    Pattern(
        "night-reads",
        _("一名职工在零点到五点之间查看了十位或更多患者的资料"),
        timedelta(hours=5),
        10,
        READS,
        counts=_PATIENTS,
        where=f"{_STAFF} AND e.outcome = 'done' AND {_AT_NIGHT}",
    ),
    Pattern(
        "many-exports",
        _("一名职工一小时内多次导出资料"),
        timedelta(hours=1),
        3,
        EXPORTS,
        where=_STAFF,
    ),
    Pattern(
        "big-export",
        _("一名职工一小时内导出了大量资料"),
        timedelta(hours=1),
        1000,
        EXPORTS,
        counts=_ROWS,
        where=_STAFF,
    ),
    Pattern(
        "break-glass-often",
        _("一名职工一天内三次以上急诊查阅"),
        timedelta(days=1),
        3,
        ("break-glass.open",),
    ),
    Pattern(
        "protected-record",
        _("有人查看了受保护患者的资料"),
        timedelta(days=1),
        1,
        (*READS, "break-glass.open", "patient.unmask"),
        of=ACTOR_AND_PATIENT,
        where=f"{_STAFF} AND e.about IS NOT NULL AND e.facts @> '{{\"protected\": true}}'",
    ),
    Pattern(
        "untrue-signature",
        _("有签名没有通过核验"),
        timedelta(hours=1),
        1,
        ("door.refuse",),
        of=ACTOR_OR_ADDRESS,
        counts=_COUNTED,
        where="e.facts->>'code' IN ({})".format(", ".join(f"'{code}'" for code in UNTRUE)),
    ),
    Pattern(
        "many-refused",
        _("一个账号一分钟内二十次想看不属于自己的内容"),
        timedelta(minutes=1),
        20,
        ("door.refuse",),
        where="e.actor IS NOT NULL AND e.facts->>'status' IN ('403', '404')",
    ),
    Pattern(
        "many-guesses",
        _("一个地址十分钟内二十次输错密码或验证码"),
        timedelta(minutes=10),
        20,
        GUESSES,
        of=ADDRESS,
        where="e.ip IS NOT NULL",
    ),
    Pattern(
        "guessed-account",
        _("一个账号一小时内被二十次试错密码或动态码"),
        timedelta(hours=1),
        20,
        GUESSES,
        where="e.actor IS NOT NULL",
    ),
    Pattern("break-glass-unreviewed", _("一次急诊查阅超过时限没有人复核"), timedelta(days=30)),
    Pattern("sealing-stopped", _("审计记录超过一分钟没有封存"), timedelta(hours=1)),
    Pattern("trail-closed", _("审计记录写不进去，平台已停止办理业务"), timedelta(hours=1)),
)

BY_KIND: Final[Mapping[str, Pattern]] = {each.kind: each for each in PATTERNS}
SLOWEST_SEAL: Final = timedelta(seconds=60)
OTHER: Final = timedelta(minutes=10)  # the window of an alarm that is not in the table


def window_of(kind: str) -> timedelta:
    return BY_KIND[kind].window if kind in BY_KIND else OTHER


def says(kind: str) -> str:
    """The kept sentence of a kind of alarm."""
    return BY_KIND[kind].says if kind in BY_KIND else kind
