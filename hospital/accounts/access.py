"""The access table: every thing that can be done here, why, and by which roles.

Doors carry the name of one entry and nothing else. Which rows a person sees is decided by the
selectors, whether this step on this row is theirs by `may_…`; this table only says who may
knock. `docs/access.md` is generated from it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hospital.accounts.roles import ANYONE, MANAGERS, SIGNED_IN, STAFF, Role


@dataclass(frozen=True)
class Entry:
    name: str
    what: str
    roles: frozenset[str]


def _entry(name: str, what: str, roles: Collection[str]) -> Entry:
    return Entry(name, what, frozenset(str(role) for role in roles))


PATIENT, DOCTOR, PHARMACIST = {Role.PATIENT}, {Role.DOCTOR}, {Role.PHARMACIST}
CLINICIANS = DOCTOR | PHARMACIST
EVERYBODY = {ANYONE, *SIGNED_IN}

TABLE: tuple[Entry, ...] = (
    # pages that everyone shares
    _entry("web.size", "换字号", EVERYBODY),
    _entry("web.language", "换语言", EVERYBODY),
    _entry("web.robots", "告诉搜索引擎什么可以看", EVERYBODY),
    _entry("web.gallery", "看组件库（开发用）", STAFF),
    _entry("home.first", "打开首页", EVERYBODY),
    _entry("home.me", "打开“我的”", PATIENT),
    _entry("home.doctor", "打开医生工作台", DOCTOR),
    _entry("home.pharmacist", "打开药师工作台", PHARMACIST),
    # identity
    _entry("account.sign-in", "登录", EVERYBODY),
    _entry("account.sign-out", "退出登录", EVERYBODY),
    _entry("account.whoami", "看当前登录的是谁", EVERYBODY),
    _entry("account.sittings", "看和结束自己的登录", SIGNED_IN),
    _entry("account.verify", "用第二因素核验本人", STAFF),
    # messages
    _entry("inbox.read", "看自己的消息", SIGNED_IN),
    _entry("inbox.badge", "看自己的未读数", SIGNED_IN),
    # management
    _entry("admin.use", "打开管理后台", MANAGERS),
    _entry("admin.accounts", "看账号", {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.IT}),
    _entry("admin.accounts.disable", "停用账号", {Role.SYSTEM_ADMIN}),
    _entry("admin.trail", "看审计记录", {Role.AUDIT_ADMIN}),
    _entry("api.schema", "看接口说明", STAFF),
    # what the platform does by itself
    _entry("task.run", "后台任务", {"platform"}),
)

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in TABLE}
assert len(ENTRIES) == len(TABLE), "two entries of one name"
