"""The access table: every thing that can be done here, why, and by which roles.

Doors carry the name of one entry and nothing else. Which rows a person sees is decided by the
selectors, whether this step on this row is theirs by `may_…`; this table only says who may
knock. `docs/access.md` is generated from it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hospital.accounts.roles import ANYONE, MANAGERS, SIGNED_IN, STAFF, Role


@dataclass(frozen=True)
class Entry:
    """One thing that can be done. `why` says what it is needed for, `rule` which objects."""

    name: str
    what: str
    roles: frozenset[str]
    why: str = ""
    rule: str = ""  # the relation to the object that selectors and `may_…` ask for
    fresh: bool = False  # needs a proof of identity within the step-up window
    first: bool = False  # open to staff who must still enrol a factor or renew a password
    reads: bool = False  # shows personal data of others: every passing leaves a row in the trail


def _entry(name: str, what: str, roles: Collection[str], **more: Any) -> Entry:
    return Entry(name, what, frozenset(str(role) for role in roles), **more)


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
    # files
    _entry("file.read", "看有权看的文件", SIGNED_IN),
    _entry("file.keep", "上传图片和文件", PATIENT | DOCTOR),
    # the patient's record
    _entry("patient.record", "建档，看和改自己与家人的资料", PATIENT),
    _entry("patient.consent", "同意和撤回知情同意", PATIENT),
    _entry("patient.reports", "看自己与家人的报告", PATIENT),
    _entry("patient.address", "管理收货地址", PATIENT),
    _entry("patient.health", "看接诊或审方患者的健康档案", CLINICIANS),
    # doctors
    _entry("doctor.browse", "看科室和医生", EVERYBODY),
    _entry("doctor.settings", "设置自己的服务和接诊开关", DOCTOR),
    _entry("doctor.account", "看自己的资质", CLINICIANS),
    # money
    _entry("charge.pay", "看和支付自己的账单", PATIENT),
    _entry("payment.callback", "支付平台通知（按签名核验）", EVERYBODY),
    # consultations
    _entry("consultation.order", "核验资格、下单、取消、评价", PATIENT),
    _entry("consultation.read", "看自己参与的问诊", PATIENT | DOCTOR),
    _entry("consultation.say", "在问诊里发言", PATIENT | DOCTOR),
    _entry("consultation.attend", "接诊、退诊、结束、转线下", DOCTOR),
    # prescriptions
    _entry("formulary.search", "查药品目录", CLINICIANS),
    _entry("prescription.read", "看自己的、自己开的或要审的处方", PATIENT | CLINICIANS),
    _entry("prescription.write", "开方、签名、作废", DOCTOR),
    _entry("prescription.review", "审方", PHARMACIST),
    _entry("prescription.dispense", "发药和发货", PHARMACIST),
    _entry("prescription.order", "选择取药方式并缴费", PATIENT),
    _entry("prescription.receive", "确认收货；在窗口交药", PATIENT | PHARMACIST),
    _entry("courier.callback", "快递通知（按签名核验）", EVERYBODY),
    # management
    _entry("admin.use", "打开管理后台", MANAGERS),
    _entry("admin.accounts", "看账号", {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.IT}),
    _entry("admin.accounts.disable", "停用账号", {Role.SYSTEM_ADMIN}),
    _entry("admin.accounts.enable", "恢复账号", {Role.SYSTEM_ADMIN}),
    _entry("admin.policy", "看规则版本和判定", {Role.MEDICAL_AFFAIRS}),
    _entry("admin.policy.publish", "发布规则版本", {Role.MEDICAL_AFFAIRS}),
    _entry("admin.credentials", "看医师和药师资质", {Role.MEDICAL_AFFAIRS}),
    _entry("admin.credentials.decide", "审核、暂停资质", {Role.MEDICAL_AFFAIRS}),
    _entry("admin.consultations", "看问诊订单", {Role.OUTPATIENT_OFFICE, Role.MEDICAL_AFFAIRS}),
    _entry("admin.prescriptions", "看处方和发药", {Role.PHARMACY, Role.MEDICAL_AFFAIRS}),
    _entry("admin.stock", "看药品和库存", {Role.PHARMACY}),
    _entry("admin.his.stock", "看院内药房库存", {Role.IT, Role.PHARMACY}),
    _entry("admin.money", "看收费、退款、分录和告警", {Role.FINANCE}),
    _entry("admin.his", "看院内数据同步和隔离", {Role.IT}),
    _entry("admin.uploads", "看监管上报", {Role.IT, Role.MEDICAL_AFFAIRS}),
    _entry("admin.uploads.mend", "重新上报", {Role.IT}),
    _entry(
        "admin.case", "看一次就诊的全部经过（不含病情）", {Role.MEDICAL_AFFAIRS, Role.AUDIT_ADMIN}
    ),
    _entry("admin.trail", "看审计记录", {Role.AUDIT_ADMIN}),
    _entry("api.schema", "看接口说明", STAFF),
    # what the platform does by itself
    _entry("task.run", "后台任务", {"platform"}),
)

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in TABLE}
assert len(ENTRIES) == len(TABLE), "two entries of one name"
