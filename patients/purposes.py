"""What personal data is processed for, on which ground, and what happens without it (PI-01, PI-02).

One row for each kind of consent text. Necessary ones are asked before a service; the others are
one's own choice, and refusing them refuses no care.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Purpose:
    kind: str
    is_necessary: bool
    what: str | Promise  # it is for, in plain words
    without: str | Promise  # what does not work without it
    basis: str  # of processing, by law


PURPOSES: Final = (
    Purpose(
        "service",
        is_necessary=True,
        what=_("在线看医生、开药"),
        without=_("不同意或撤回后，不能再发起新的在线问诊；线下就诊不受影响。"),
        basis="互联网医院管理办法(试行) 第十八条",
    ),
    Purpose(
        "sensitive",
        is_necessary=True,
        what=_("让医生和药师看到病情，保证诊疗安全"),
        without=_("不同意或撤回后，不能再发起新的在线问诊；线下就诊不受影响。"),
        basis="个人信息保护法 第二十九条",
    ),
    Purpose(
        "guardian",
        is_necessary=True,
        what=_("由监护人代孩子同意"),
        without=_("不满 14 周岁的孩子，没有监护人同意不能在线问诊。"),
        basis="个人信息保护法 第三十一条",
    ),
    Purpose(
        "own",
        is_necessary=True,
        what=_("满 14 岁的孩子自己也同意"),
        without=_("满 14 岁、不满 18 岁的孩子，本人没有同意不能在线问诊。"),
        basis="个人信息保护法 第三十一条；民法典 第十九条",
    ),
    Purpose(
        "courier",
        is_necessary=False,
        what=_("把药寄到家"),
        without=_("不同意也能看病、开药，药可以到医院窗口自取。"),
        basis="个人信息保护法 第二十三条",
    ),
)
BY_KIND: Final = {purpose.kind: purpose for purpose in PURPOSES}
_OF_MINORS: Final = ("guardian", "own")
NECESSARY: Final = tuple(p.kind for p in PURPOSES if p.is_necessary and p.kind not in _OF_MINORS)
