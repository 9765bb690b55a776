"""Doctors, consultations, money."""

from hospital.accounts.access.entry import CLINICIANS, DOCTOR, EVERYBODY, PATIENT, entry

VISITS = (
    # doctors
    entry(
        "doctor.browse",
        "看科室和医生",
        EVERYBODY,
        why="医师信息须公开，供患者选择",
        rule="资质有效、正在执业的医生",
    ),
    entry(
        "doctor.settings",
        "设置自己的服务和接诊开关",
        DOCTOR,
        why="医生自己决定何时接诊",
        rule="自己的服务",
    ),
    entry("doctor.account", "看自己的资质", CLINICIANS, why="执业须有有效资质", rule="自己的资质"),
    # money
    entry("charge.pay", "看和支付自己的账单", PATIENT, why="缴费", rule="付款人是自己的账单"),
    entry(
        "payment.callback",
        "支付平台通知（按签名核验）",
        EVERYBODY,
        why="钱是否付到，以支付平台为准",
        rule="签名有效的通知所说的账单",
    ),
    # consultations
    entry(
        "consultation.order",
        "核验资格、下单、取消、评价",
        PATIENT,
        why="患者发起复诊和咨询",
        rule="本人或关系有效的家人的问诊",
    ),
    entry(
        "consultation.read",
        "看自己参与的问诊",
        PATIENT | DOCTOR,
        why="诊疗；本人有权查阅",
        rule="患者本人、关系有效的家人，或接诊的医生",
        reads=True,
    ),
    entry(
        "consultation.say",
        "在问诊里发言",
        PATIENT | DOCTOR,
        why="诊疗",
        rule="患者本人、关系有效的家人，或接诊的医生",
    ),
    entry(
        "consultation.attend",
        "接诊、退诊、结束、转线下",
        DOCTOR,
        why="诊疗",
        rule="患者选定的那位医生",
        reads=True,
    ),
)
