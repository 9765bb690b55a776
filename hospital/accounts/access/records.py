"""The patient's record: registering, consents, reports, addresses, and who looks after them."""

from hospital.accounts.access.entry import CLINICIANS, PATIENT, entry
from hospital.accounts.roles import Role

_OFFICES = {Role.MEDICAL_AFFAIRS, Role.OUTPATIENT_OFFICE}

RECORDS = (
    entry(
        "patient.record",
        "建档，看和改自己与家人的资料",
        PATIENT,
        why="实名就诊；本人有权查阅病历",
        rule="本人，或关系有效的家人",
    ),
    entry(
        "patient.consent",
        "同意和撤回知情同意",
        PATIENT,
        why="个人信息须经同意，可以撤回",
        rule="本人，或关系有效的家人；有监护人的由监护人",
    ),
    entry(
        "patient.reports",
        "看自己与家人的报告",
        PATIENT,
        why="本人有权查阅病历",
        rule="本人，或关系有效的家人",
    ),
    entry("patient.address", "管理收货地址", PATIENT, why="药要送到", rule="自己的地址"),
    entry(
        "patient.health",
        "看接诊或审方患者的健康档案",
        CLINICIANS,
        why="诊疗和审方要看病历",
        rule="接诊这位患者的医生，审这张处方的药师；只在进行中",
        reads=True,
    ),
    entry(
        "patient.masked",
        "看遮住的患者姓名和联系方式",
        _OFFICES,
        why="门诊运行和投诉处理要找到人",
        rule="在这里就诊、没有注销的患者；只看遮住的",
        fresh=True,
    ),
    entry(
        "patient.unmask",
        "写明原因，看完整的姓名和联系方式",
        _OFFICES,
        why="联系患者、处理投诉、核对身份、配合检查",
        rule="在这里就诊、没有注销的患者；只看本岗位需要的项，每次留痕，患者能看到",
        fresh=True,
        reads=True,
    ),
)
