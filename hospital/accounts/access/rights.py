"""What patients ask of us as the persons concerned, and who answers them."""

from hospital.accounts.access.entry import PATIENT, entry
from hospital.accounts.roles import Role

AFFAIRS = {Role.MEDICAL_AFFAIRS}
RIGHTS = (
    entry(
        "patient.data",
        "看自己的资料副本、封存和更正申请，申请更正",
        PATIENT,
        why="查阅、复制、更正个人信息是法定权利（个人信息保护法 第四十五、四十六条）",
        rule="本人，或关系有效的家人",
    ),
    entry(
        "patient.export",
        "申请和下载全部资料的副本",
        PATIENT,
        why="复制个人信息是法定权利（个人信息保护法 第四十五条）",
        rule="本人，或孩子的监护人；副本只给申请它的账号，24 小时内",
        fresh=True,
    ),
    entry(
        "account.close",
        "注销自己的账号",
        PATIENT,
        why="删除个人信息是法定权利（个人信息保护法 第四十七条）",
        rule="自己的账号，没有未办完的事，没有封存",
        fresh=True,
    ),
    entry(
        "admin.consents",
        "看知情同意书和草稿",
        AFFAIRS,
        why="医务处对告知的内容负责",
        rule="所有版本和草稿；不含谁同意过",
    ),
    entry(
        "admin.consents.publish",
        "拟定、发布知情同意书",
        AFFAIRS,
        why="医务处对告知的内容负责",
        rule="草稿；已发布的不能改",
        fresh=True,
    ),
    entry(
        "admin.holds",
        "看封存的病历（不含病情）",
        AFFAIRS,
        why="医疗纠纷预防和处理条例 第二十四条",
        rule="所有封存，只看清单和摘要",
    ),
    entry(
        "admin.holds.decide",
        "封存病历，解除别人做的封存",
        AFFAIRS,
        why="医疗纠纷预防和处理条例 第二十四条",
        rule="任何患者或一次就诊；解除须由另一人",
        fresh=True,
    ),
    entry(
        "admin.protected",
        "看患者名册（姓名遮盖）和谁受保护",
        AFFAIRS,
        why="本院职工和知名人士的病历最容易被好奇的人翻看",
        rule="所有患者，姓名遮盖，没有病情",
    ),
    entry(
        "admin.protected.decide",
        "把患者列入、移出受保护名单",
        AFFAIRS,
        why="受保护患者的每次查阅都要告警",
        rule="任何患者，须写明理由",
    ),
    entry(
        "admin.corrections",
        "看更正申请",
        AFFAIRS,
        why="更正申请须答复（个人信息保护法 第四十六、五十条）",
        rule="所有申请；内容只在答复时看",
    ),
    entry(
        "admin.corrections.answer",
        "看更正申请的内容并答复",
        AFFAIRS,
        why="更正申请须答复（个人信息保护法 第四十六、五十条）",
        rule="还没有答复的申请",
        reads=True,
    ),
)
