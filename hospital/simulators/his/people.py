"""Who comes to this hospital: made-up persons, the same ones at every start."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hospital.simulators.his.identity import id_number

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
MALE = (
    "建国",
    "志强",
    "伟",
    "浩然",
    "子轩",
    "国栋",
    "文博",
    "俊杰",
    "宇航",
    "明辉",
    "德胜",
    "一鸣",
)
FEMALE = (
    "淑芬",
    "丽华",
    "静",
    "雨桐",
    "思涵",
    "秀英",
    "桂兰",
    "梦琪",
    "晓燕",
    "佳怡",
    "玉珍",
    "欣妍",
)
# Names that break careless software: beyond the BMP, with a middle dot, long, of one sign only.
RARE = (
    ("𠮷田和子", "female"),
    ("阿卜杜拉·买买提", "male"),
    ("古丽巴哈尔·吐尔逊", "female"),
    ("欧阳䶮", "male"),
    ("司马𬀩", "male"),
    ("单于㛃", "female"),
    ("那扎尔别克·阿依登", "male"),
    ("查", "female"),
)
REGIONS = ("110108", "110101", "110105", "110106", "110112", "130102", "370102", "650102")


@dataclass(frozen=True)
class Guardian:
    name: str
    phone: str
    relationship: str
    id_number: str = ""


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    sex: str
    birth_date: date
    id_number: str
    phone: str
    guardian: Guardian | None = None
    allergies: tuple[str, ...] = field(default=())

    def age(self, on: date) -> int:
        before_birthday = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - before_birthday


def made_up(number: int, today: date) -> Person:
    """Person `number`, from a chance of their own, so that nobody depends on who came before."""
    chance = Random(f"person {number}")  # noqa: S311 (made-up people, not secrets)
    child = chance.random() < 0.08
    days = chance.randint(365, 17 * 365) if child else chance.randint(18 * 366, 88 * 365)
    # The year is fixed by the calendar, so that a person's number never changes with the start.
    birth_date = date(2026, 1, 1) - timedelta(days=days)
    if number < len(RARE):
        name, sex = RARE[number]
    else:
        sex = chance.choice(("male", "female"))
        name = chance.choice(SURNAMES) + chance.choice(MALE if sex == "male" else FEMALE)
    sequence = 2 * chance.randint(50, 450) + (sex == "male")
    phone = f"139{number:08d}"
    person = Person(
        id=f"p{number:04d}",
        name=name,
        sex=sex,
        birth_date=birth_date,
        id_number=id_number(chance.choice(REGIONS), birth_date, sequence),
        phone=phone,
        allergies=("青霉素类",) if chance.random() < 0.08 else (),
    )
    if person.age(today) >= 18:
        return person
    parent = Guardian(name[0] + chance.choice(FEMALE), phone, "母亲")
    return Person(**{**vars(person), "guardian": parent})
