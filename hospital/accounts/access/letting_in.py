"""Who else reads a record, and who was there: break-glass, shares, the patient's own list."""

from hospital.accounts.access.entry import DOCTOR, EVERYBODY, PATIENT, entry
from hospital.accounts.roles import Role

LETTING_IN = (
    entry(
        "break-glass.open",
        "急诊查阅：打开一位患者的病历",
        DOCTOR,
        why="抢救时来不及建立接诊关系（SEC-17）",
        rule="资质有效的医生；按完整证件号码，写明理由，一次一位，最长 30 分钟",
        fresh=True,
    ),
    entry(
        "break-glass.read",
        "看和结束自己打开的急诊查阅",
        DOCTOR,
        why="抢救时来不及建立接诊关系（SEC-17）",
        rule="自己打开的、还没有到时间的；每次查看都有记录，另一个人复核",
        reads=True,
    ),
    entry(
        "share.read",
        "看患者共享给自己的病历",
        DOCTOR,
        why="患者请医生看，或同意会诊",
        rule="患者本人或监护人共享、还没有收回的",
    ),
    entry(
        "share.consult",
        "请同事会诊",
        DOCTOR,
        why="疑难病情请同事一起看",
        rule="自己正在接诊的问诊；患者同意以后才能看",
    ),
    entry(
        "patient.share",
        "把病历共享给医生，随时收回；同意会诊",
        PATIENT,
        why="患者决定谁能看自己的病历",
        rule="患者本人或监护人；都没有时由关系有效的家人",
    ),
    entry(
        "patient.reads",
        "看谁看过自己与家人的病历",
        PATIENT,
        why="患者有权知道自己的信息被谁用过",
        rule="本人，或关系有效的家人",
    ),
    entry(
        "receipt.verify",
        "核验凭证的真假",
        EVERYBODY,
        why="凭证要让任何人都能核验",
        rule="不看任何人的资料，只用公钥核对凭证",
    ),
    entry(
        "admin.break-glass",
        "看急诊查阅",
        {Role.MEDICAL_AFFAIRS},
        why="急诊查阅须事后复核（SEC-17，PI-13）",
        rule="所有急诊查阅；患者姓名遮盖",
    ),
    entry(
        "admin.break-glass.review",
        "复核急诊查阅",
        {Role.MEDICAL_AFFAIRS},
        why="急诊查阅须一天内由另一个人复核（SEC-17，PI-13）",
        rule="别人打开的、已经结束的急诊查阅",
    ),
)
