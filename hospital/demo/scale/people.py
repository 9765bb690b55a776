"""Who somebody is, from their number alone: nobody who lives, and nobody of the cast."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from hospital.kernel.identity import check_letter

_REGION: Final = "659009"  # assigned to no place
_FIRST, _DAYS, _SEQUENCES = date(1935, 1, 1), 25_000, 1000
MOST: Final = _DAYS * _SEQUENCES  # then the identity numbers are used up
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红鑫"


@dataclass(frozen=True)
class Someone:
    name: str
    id_number: str
    phone: str
    birth_date: date
    sex: str


def someone(n: int) -> Someone:
    sequence, day = divmod(n, _DAYS)
    born = _FIRST + timedelta(days=day)
    first17 = f"{_REGION}{born:%Y%m%d}{sequence:03d}"
    return Someone(
        name=_name(n),
        id_number=first17 + check_letter(first17),
        phone=f"199{n:08d}",
        birth_date=born,
        sex="male" if sequence % 2 else "female",
    )


def _name(n: int) -> str:
    surname, first, second = n % len(_SURNAMES), n // 20 % len(_GIVEN), n // 600 % len(_GIVEN)
    return _SURNAMES[surname] + _GIVEN[first] + _GIVEN[second]
