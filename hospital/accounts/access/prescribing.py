"""Prescriptions, from the drawer to the patient's door."""

from hospital.accounts.access.entry import (
    CLINICIANS,
    DOCTOR,
    EVERYBODY,
    PATIENT,
    PHARMACIST,
    entry,
)

PRESCRIBING = (
    entry(
        "formulary.search",
        "查药品目录",
        CLINICIANS,
        why="开方和审方",
        rule="目录是公共的；在开方页里只为自己接诊的问诊",
    ),
    entry(
        "prescription.read",
        "看自己的、自己开的或要审的处方",
        PATIENT | CLINICIANS,
        why="诊疗、审方、取药；本人有权查阅",
        rule="患者本人或关系有效的家人、开方的医生、药师（草稿除外）",
    ),
    entry(
        "prescription.write",
        "开方、签名、作废",
        DOCTOR,
        why="医师亲自开方（R-10）",
        rule="自己接诊的问诊、自己开的处方",
    ),
    entry(
        "prescription.review",
        "审方",
        PHARMACIST,
        why="处方须经药师审核",
        rule="已签名的处方，且不是自己开的",
    ),
    entry(
        "prescription.dispense",
        "发药和发货",
        PHARMACIST,
        why="调剂须由药师完成",
        rule="审核通过并已缴费的处方",
    ),
    entry(
        "prescription.order",
        "选择取药方式并缴费",
        PATIENT,
        why="取药",
        rule="本人或关系有效的家人的处方",
    ),
    entry(
        "prescription.receive",
        "确认收货；在窗口交药",
        PATIENT | PHARMACIST,
        why="药交到了谁手里，要有记录",
        rule="本人或关系有效的家人确认收货；药师在窗口交药",
    ),
    entry(
        "courier.callback",
        "快递通知（按签名核验）",
        EVERYBODY,
        why="药走到哪里，以快递为准",
        rule="签名有效的通知所说的运单",
    ),
)
