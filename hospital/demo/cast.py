"""The demonstration cast. Everyone here is made up, and marked so in the database (`is_demo`).

The same people stand in the simulated hospital system, in tests and on the pages of the mock-up.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from hospital.kernel.identity import check_letter

PASSWORD: Final = "demo-Hospital-2026"


@dataclass(frozen=True)
class Staff:
    username: str
    name: str
    role: str
    role_label: str
    department: str = ""
    title: str = ""
    antimicrobial_right: str = "none"
    good_at: str = ""
    portrait: str = ""
    reply_minutes: int = 30

    @property
    def totp_secret(self) -> str:
        """Made from the name, so that every seed gives the same. Public, like all here."""
        return base64.b32encode(
            hashlib.sha256(f"demo|{self.username}".encode()).digest()[:20]
        ).decode()

    @property
    def id_number(self) -> str:
        """An identity number of nobody: region 110101, born 1975, sequence from the name."""
        sequence = int(hashlib.sha256(self.username.encode()).hexdigest(), 16) % 1000
        first17 = f"11010119750315{sequence:03d}"
        return first17 + check_letter(first17)


@dataclass(frozen=True)
class Member:
    """A patient: oneself of a phone, or a family member of somebody's."""

    name: str
    id_number: str
    phone: str
    relation: str = "self"
    pregnancy: str = "no"
    weight_kg: str = "62.0"
    allergies: tuple[tuple[str, str], ...] = ()


def _doctor(
    username: str,
    name: str,
    department: str,
    title: str,
    good_at: str = "",
    portrait: str = "",
    reply_minutes: int = 30,
) -> Staff:
    right = {"chief": "special", "associate_chief": "special", "attending": "restricted"}[title]
    return Staff(
        username,
        name,
        "doctor",
        "医生",
        department,
        title,
        right,
        good_at,
        f"demo/img/{portrait}.svg" if portrait else "",
        reply_minutes,
    )


def _pharmacist(username: str, name: str, title: str = "supervising_pharmacist") -> Staff:
    return Staff(username, name, "pharmacist", "药师", "药学部", title)


_CARD = "心血管内科"
DOCTORS: Final = (
    _doctor(
        "chensiyuan",
        "陈思远",
        _CARD,
        "chief",
        "高血压、冠心病、心力衰竭的长期管理与用药调整，支架术后随访",
        "d1",
        25,
    ),
    _doctor(
        "zhouruolan",
        "周若兰",
        _CARD,
        "associate_chief",
        "心律失常、房颤抗凝管理、心脏康复与生活方式指导",
        "d2",
        40,
    ),
    _doctor(
        "gaozhenguo",
        "高振国",
        _CARD,
        "attending",
        "高血脂、高血压复诊配药，24 小时动态血压解读",
        "d3",
        15,
    ),
    _doctor(
        "linjing",
        "林静",
        _CARD,
        "chief",
        "结构性心脏病、先天性心脏病术后随访，孕期心脏评估",
        "d4",
        120,
    ),
    _doctor("linzhiyuan", "林致远", _CARD, "chief", "冠心病介入术后随访、顽固性高血压", "", 60),
    _doctor("chenjiashu", "陈嘉树", _CARD, "attending", "高血压、高脂血症的长期用药", "", 30),
    _doctor("shenxin", "沈昕", _CARD, "associate_chief", "心力衰竭、心肌病的长期管理", "", 45),
    _doctor("luoyining", "罗以宁", _CARD, "attending", "高血压合并糖尿病患者的随访", "", 30),
    _doctor(
        "wutong",
        "吴桐",
        "内分泌科",
        "associate_chief",
        "2 型糖尿病、甲状腺疾病的长期用药",
        "",
        40,
    ),
    _doctor("xuruolan", "许若岚", "内分泌科", "chief", "糖尿病并发症、骨质疏松", "", 60),
    _doctor("xunan", "许南", "皮肤科", "attending", "湿疹、特应性皮炎、痤疮", "", 30),
    _doctor("yeqinghe", "叶青禾", "皮肤科", "associate_chief", "银屑病、慢性荨麻疹", "", 45),
    _doctor(
        "shenyiming",
        "沈一鸣",
        "儿科",
        "associate_chief",
        "儿童哮喘、过敏性疾病、湿疹随访",
        "",
        30,
    ),
    _doctor(
        "hanbing",
        "韩冰",
        "神经内科",
        "associate_chief",
        "脑卒中二级预防、偏头痛、帕金森病",
        "",
        60,
    ),
    _doctor(
        "songqinghe",
        "宋清和",
        "精神心理科",
        "chief",
        "焦虑障碍、抑郁障碍、睡眠障碍的随访",
        "",
        60,
    ),
)
PHARMACISTS: Final = (
    _pharmacist("luomin", "罗敏"),
    _pharmacist("dingyi", "丁怡"),
    _pharmacist("fangyuan", "方圆"),
    _pharmacist("qiaoan", "乔安"),
    _pharmacist("mengfan", "孟凡", "pharmacist"),
    _pharmacist("yuanye", "原野", "pharmacist"),
    _pharmacist("jiangbo", "江波"),
    _pharmacist("tangxin", "唐欣"),
)
MANAGERS: Final = (
    Staff("yiwuchu", "方正", "medical_affairs", "医务处"),
    Staff("yiwuchu2", "严谨", "medical_affairs", "医务处"),
    Staff("menban", "何芳", "outpatient_office", "门诊办公室"),
    Staff("caiwu", "金算", "finance", "财务处"),
    Staff("yaojike", "白术", "pharmacy", "药剂科"),
    Staff("xinxi", "程序", "it", "信息中心"),
    Staff("sysadmin", "安平", "system_admin", "系统管理员"),
    Staff("secadmin", "卫宁", "security_admin", "安全管理员"),
    Staff("secadmin2", "宋严", "security_admin", "安全管理员"),
    Staff("auditadmin", "史鉴", "audit_admin", "审计管理员"),
)
STAFF: Final = DOCTORS + PHARMACISTS + MANAGERS

MODULES: Final = ("followup", "advice", "prescribing")
PRICES: Final = tuple(
    (kind, title, f"{name}（{title_said}）", f"{name_en}, {title_en}", price_fen)
    for kind, name, name_en in (
        ("followup", "在线复诊", "Online follow-up"),
        ("advice", "图文咨询", "Written advice"),
    )
    for title, title_said, title_en, price_fen in (
        ("chief", "主任医师", "chief physician", 8000),
        ("associate_chief", "副主任医师", "associate chief physician", 6000),
        ("attending", "主治医师", "attending physician", 4000),
    )
)

PATIENTS: Final = (
    Member("王秀兰", "110108195806170020", "13800006620", allergies=(("磺胺类", "mild"),)),
    Member("赵建民", "110108197203090012", "13800006621", weight_kg="78.0"),
    Member("孙悦", "110108199504020025", "13800006622", weight_kg="55.0"),
    Member("刘国强", "110108195401150013", "13800006623", weight_kg="70.0"),
    Member("何美玲", "110108196708080026", "13800006624"),
    Member("郭立", "110108198809120014", "13800006625", weight_kg="75.0"),
    Member("郭小满", "110108202105200015", "13800006625", relation="child", weight_kg="18.5"),
    Member("钱多多", "110108199002020017", "13800006626", weight_kg="68.0"),
)
