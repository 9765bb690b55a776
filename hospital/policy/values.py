"""What the hospital may set itself, each value with its bounds and who sets it.

Rules get these values handed in and hold no number of their own. Where the law has a bound, it is
the bound here: a hospital may be stricter, never laxer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospital.kernel.refusals import Refused
from hospital.policy.setting import Setting, one_of, switch, whole_number

AFFAIRS = _("医务处")
PHARMACY = _("医务处与药剂科")
OFFICE = _("医务处与门诊办公室")
FINANCE = _("医务处与财务处")

EXCLUSIONS = ("none", "beijing_conservative")
RETAIL_BANS = ("third_party_pharmacy_only", "all", "off")
NO_PHARMACIST = ("warn", "close")


@dataclass(frozen=True)
class Policy:
    """One published set of values. The defaults are what version 1 published."""

    followup_window_days: int = whole_number(
        180, 1, 730, _("复诊窗口（天）"), _("距离上一次线下就诊多少天以内，可以在线复诊。"), AFFAIRS
    )
    minimum_age_online: int = whole_number(
        6,
        0,
        18,
        _("在线就诊的最低年龄（周岁）"),
        _("小于这个年龄请到线下就诊。0 表示开放儿科。"),
        AFFAIRS,
    )
    young_child_age: int = whole_number(
        6,
        6,
        18,
        _("低龄儿童的年龄（周岁）"),
        _("小于这个年龄，须有监护人和相关专业医师陪伴。"),
        AFFAIRS,
    )
    general_supply_days: int = whole_number(
        7, 1, 7, _("一般处方用量（天）"), _("一般处方最多开几天。"), PHARMACY
    )
    long_term_supply_days: int = whole_number(
        28, 7, 28, _("长期处方用量（天）"), _("长期处方一般最多开几天，法规为 4 周。"), PHARMACY
    )
    extended_supply_days: int = whole_number(
        84, 28, 84, _("病情稳定时的用量（天）"), _("写明理由后最多开几天，法规为 12 周。"), PHARMACY
    )
    max_lines: int = whole_number(
        5, 1, 5, _("每张处方的药品数"), _("一张处方最多几种药品。"), PHARMACY
    )
    identity_valid_minutes: int = whole_number(
        30,
        5,
        240,
        _("身份核验有效时间（分钟）"),
        _("医生核验本人以后，多久之内可以接诊和签名。"),
        AFFAIRS,
    )
    step_up_minutes: int = whole_number(
        15,
        1,
        30,
        _("要紧操作的核验时间（分钟）"),
        _("签名、审方、退款、导出等要紧的一步，核验本人以后多久之内可以做。"),
        AFFAIRS,
    )
    min_practice_years: int = whole_number(
        3, 3, 20, _("独立执业年限（年）"), _("在线看病的医师至少独立临床工作几年。"), AFFAIRS
    )
    exclusion_profile: str = one_of(
        EXCLUSIONS, _("不在线开的药品"), _("除法规禁止的以外，本院还把哪些药品留给线下。"), PHARMACY
    )
    retail_ban: str = one_of(
        RETAIL_BANS, _("网络禁售清单管到哪里"), _("网络禁售清单约束哪些取药方式。"), PHARMACY
    )
    pay_minutes: int = whole_number(
        15, 5, 120, _("支付时限（分钟）"), _("下单以后多久不支付就取消。"), FINANCE
    )
    accept_hours: int = whole_number(
        24, 1, 72, _("接诊时限（小时）"), _("付款以后多久没有接诊，就全额退款。"), OFFICE
    )
    open_hours: int = whole_number(
        48, 1, 168, _("问诊时长（小时）"), _("接诊以后问诊最多开多久。"), OFFICE
    )
    prescription_valid_days: int = whole_number(
        3, 1, 3, _("处方有效期（天）"), _("从开具之日起几天内有效，法规最长 3 天。"), PHARMACY
    )
    delivery_fee_fen: int = whole_number(
        800, 0, 10_000, _("配送费（分）"), _("药品送到家收多少配送费。"), FINANCE
    )
    followup_same_department: bool = switch(
        _("只在原科室复诊"), _("打开后，只能找上次就诊的科室在线复诊。"), OFFICE
    )
    break_glass_minutes: int = whole_number(
        30,
        5,
        30,
        _("急诊查阅时长（分钟）"),
        _("急诊查阅一份病历最多看多久，到时自动结束。"),
        AFFAIRS,
    )
    break_glass_review_hours: int = whole_number(
        24, 1, 24, _("急诊查阅复核时限（小时）"), _("急诊查阅以后多久之内由另一个人复核。"), AFFAIRS
    )
    no_pharmacist: str = one_of(
        NO_PHARMACIST,
        _("没有药师值班时"),
        _("warn：付款前说明处方要等药师上班后审核；close：暂停接受新的复诊。"),
        PHARMACY,
    )
    handover_hours: int = whole_number(
        4,
        1,
        24,
        _("接手时限（小时）"),
        _("医生被暂停执业后，进行中的问诊等同科医生接手多久；没有人接手就转线下并全额退款。"),
        OFFICE,
    )
    evidence_valid_days: int = whole_number(
        180,
        30,
        730,
        _("外院病历的有效期（天）"),
        _("患者上传的外院病历审核通过以后算数多少天，到期要重新上传。复诊窗口照样从就诊那天算起。"),
        OFFICE,
    )
    share_days: int = whole_number(
        30, 1, 180, _("共享病历的天数"), _("患者把病历共享给医生时，先替他选好多少天。"), AFFAIRS
    )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Policy":
        """The policy that a published version holds; a name younger than it has its default."""
        return cls(**{name: values[name] for name in all_settings() if name in values})

    def changed(self, changes: Mapping[str, Any]) -> "Policy":
        """This policy with some values changed; every name, type and bound is checked."""
        settings = all_settings()
        if unknown := sorted(set(changes) - set(settings)):
            raise Refused(gettext("没有这项设置。"), code="policy-name", names=unknown)
        read = {
            name: settings[name].read(changes[name], like=getattr(self, name)) for name in changes
        }
        return replace(self, **read)._in_order()

    def _in_order(self) -> "Policy":
        if not self.general_supply_days <= self.long_term_supply_days <= self.extended_supply_days:
            raise Refused(
                gettext("用量应逐级增加：一般处方、长期处方、病情稳定时。"), code="policy-value"
            )
        return self


def all_settings() -> dict[str, Setting]:
    """Every name, in the order of the page, with what stands beside it."""
    return {each.name: each.metadata["setting"] for each in fields(Policy)}
