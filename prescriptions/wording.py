"""How a dose is said: in plain words to patients, in the old abbreviations to colleagues.

“每天早饭后吃 1 次，每次 1 片” — never `qd` to somebody who takes the medicine.
"""

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from prescriptions.formulary import Medicine
from prescriptions.formulary.measures import base_unit, in_base

# code -> (what a doctor picks, what a patient reads)
FREQUENCIES: Final = {
    "qd": (gettext_lazy("每日 1 次 qd"), gettext_lazy("每天 1 次")),
    "qn": (gettext_lazy("每晚 1 次 qn"), gettext_lazy("每天晚上 1 次")),
    "bid": (gettext_lazy("每日 2 次 bid"), gettext_lazy("每天 2 次，早晚各 1 次")),
    "tid": (gettext_lazy("每日 3 次 tid"), gettext_lazy("每天 3 次，早中晚各 1 次")),
    "tid_ac": (gettext_lazy("三餐前 tid ac"), gettext_lazy("每天 3 次，每次饭前")),
    "qid": (gettext_lazy("每日 4 次 qid"), gettext_lazy("每天 4 次")),
    "5id": (gettext_lazy("每日 5 次"), gettext_lazy("每天 5 次")),
    "q12h": (gettext_lazy("每 12 小时 q12h"), gettext_lazy("每 12 小时 1 次")),
    "q8h": (gettext_lazy("每 8 小时 q8h"), gettext_lazy("每 8 小时 1 次")),
    "q6h": (gettext_lazy("每 6 小时 q6h"), gettext_lazy("每 6 小时 1 次")),
    "qod": (gettext_lazy("隔日 1 次 qod"), gettext_lazy("隔一天 1 次")),
    "biw": (gettext_lazy("每周 2 次 biw"), gettext_lazy("每周 2 次")),
    "qw": (gettext_lazy("每周 1 次 qw"), gettext_lazy("每周 1 次，固定在同一天")),
    "q72h": (gettext_lazy("每 72 小时 q72h"), gettext_lazy("每 3 天 1 次")),
    "q6m": (gettext_lazy("每 6 个月 1 次"), gettext_lazy("每 6 个月 1 次")),
    "prn": (gettext_lazy("必要时 prn"), gettext_lazy("需要的时候用")),
}
# code -> (what the prescription says, the verb a patient reads)
ROUTES: Final = {
    "oral": (gettext_lazy("口服"), pgettext_lazy("medicine", "吃")),
    "sublingual": (gettext_lazy("舌下含服"), gettext_lazy("放在舌头下面含化")),
    "topical": (gettext_lazy("外用"), gettext_lazy("涂在患处")),
    "transdermal": (gettext_lazy("贴皮"), gettext_lazy("贴在皮肤上")),
    "ophthalmic": (gettext_lazy("滴眼"), gettext_lazy("滴进眼睛")),
    "nasal": (gettext_lazy("鼻腔给药"), gettext_lazy("喷进鼻子")),
    "inhalation": (gettext_lazy("吸入"), gettext_lazy("用嘴吸入")),
    "subcutaneous": (gettext_lazy("皮下注射"), gettext_lazy("打在皮下")),
    "intramuscular": (gettext_lazy("肌内注射"), gettext_lazy("由护士肌肉注射")),
    "intravenous": (gettext_lazy("静脉滴注"), gettext_lazy("由护士静脉输液")),
}
# what a dose is counted in; `words % n` is the word for so many
_COUNTERS: Final = {
    "tablet": ngettext_lazy("片", "片"),
    "capsule": ngettext_lazy("粒", "粒"),
    "pill": ngettext_lazy("丸", "丸"),
    "granules": ngettext_lazy("袋", "袋"),
    "powder": ngettext_lazy("袋", "袋"),
    "suspension": ngettext_lazy("袋", "袋"),
    "patch": ngettext_lazy("贴", "贴"),
    "plaster": ngettext_lazy("贴", "贴"),
}


def frequency(code: str) -> str:
    return str(FREQUENCIES[code][0]) if code in FREQUENCIES else code


def route(code: str) -> str:
    return str(ROUTES[code][0]) if code in ROUTES else code


def number(amount: Decimal) -> str:
    """`5.000` → `5`, `0.500` → `0.5`."""
    return format(amount.normalize(), "f")


def dose(amount: Decimal | None, unit: str) -> str:
    """As clinicians read it: `5 mg`; the label decides where no dose is counted."""
    return _("适量") if amount is None else f"{number(amount)} {unit}".strip()


def sig(amount: Decimal | None, unit: str, every: str, by_route: str) -> str:
    """The line under a medicine on the 处方笺, and in the doctor's drawer."""
    return _("每次 %(dose)s，%(every)s，%(route)s") % {
        "dose": dose(amount, unit),
        "every": frequency(every),
        "route": route(by_route),
    }


def for_patient(
    medicine: Medicine, amount: Decimal | None, unit: str, every: str, by_route: str
) -> str:
    """The whole instruction in words: how often, how, how much each time."""
    often = str(FREQUENCIES[every][1]) if every in FREQUENCIES else every
    how = str(ROUTES[by_route][1]) if by_route in ROUTES else ""
    much = _much(medicine, amount, unit)
    if not much:
        return _("%(often)s，%(how)s") % {"often": often, "how": how}
    return _("%(often)s，每次%(how)s %(much)s") % {"often": often, "how": how, "much": much}


def _much(medicine: Medicine, amount: Decimal | None, unit: str) -> str:
    """In pieces where a dose is whole or half pieces (`1 片`, `半片`), else as written (`5 mg`)."""
    if amount is None:
        return ""
    counter = _counter(medicine.form)
    if counter and medicine.strength and base_unit(unit) == base_unit(medicine.unit):
        pieces = in_base(amount, unit) / in_base(medicine.strength, medicine.unit)
        if pieces.denominator == 1:
            return f"{pieces.numerator} {counter % pieces.numerator}"
        if pieces * 2 == 1:
            return _("半%(piece)s") % {"piece": counter % 1}
        if pieces.denominator == 2:
            return _("%(whole)s %(piece)s半") % {"whole": int(pieces), "piece": counter % 2}
    return f"{number(amount)} {unit}".strip()


def _counter(form: str) -> Any:
    return next((words for end, words in _COUNTERS.items() if form.endswith(end)), None)
