"""Puts the formulary on the pharmacy's shelves: one priced row for each medicine.

Packs, prices and the first stock are demonstration data, the same at every load. A row that is
there keeps its price and its stock, which the pharmacy has changed since.
"""

import hashlib
from datetime import datetime
from typing import Final

from pypinyin import Style, lazy_pinyin

from prescriptions.formulary import Medicine
from prescriptions.formulary.medicines import CONTROLLED
from prescriptions.models import Drug
from prescriptions.pharmacy import medicines

# form -> (how one is counted, how many are in a pack)
_COUNTED: Final = {
    "tablet": ("片", 28),
    "sustained_release_tablet": ("片", 30),
    "controlled_release_tablet": ("片", 30),
    "enteric_coated_tablet": ("片", 30),
    "chewable_tablet": ("片", 24),
    "effervescent_tablet": ("片", 10),
    "capsule": ("粒", 28),
    "soft_capsule": ("粒", 24),
    "sustained_release_capsule": ("粒", 24),
    "enteric_coated_capsule": ("粒", 14),
    "dripping_pill": ("丸", 180),
    "pill": ("丸", 10),
    "granules": ("袋", 10),
    "powder": ("袋", 10),
    "dry_suspension": ("袋", 12),
    "medicated_plaster": ("贴", 6),
    "transdermal_patch": ("贴", 5),
    "powder_for_injection": ("支", 1),
    "injection": ("支", 5),
}
# form -> what holds it
_VESSELS: Final = {
    "cream": "支",
    "gel": "支",
    "ointment": "支",
    "eye_drops": "支",
    "injection_pen": "支",
}
_LIQUIDS: Final = {"oral_solution", "oral_suspension", "oral_drops"}
_UNTIL_EMPTY: Final = 100  # millilitres in a bottle


def load(_at: datetime) -> str:
    """Idempotent; says what it did."""
    rows = [_row(key, medicine) for key, medicine in medicines().items() if _is_shown(medicine)]
    Drug.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "strength", "pack", "pack_size", "initials", "atc", "is_sold"],
    )
    return f"{len(rows)} medicines"


def _is_shown(medicine: Medicine) -> bool:
    """The catalogue, and the controlled substances that doctors know by name."""
    return medicine.is_drug or medicine.control_class.startswith(("narcotic", "psychotropic"))


def _row(key: str, medicine: Medicine) -> Drug:
    pack, size = pack_of(medicine)
    sold = medicine.is_drug and medicine.control_class not in CONTROLLED
    return Drug(
        key=key,
        name=medicine.name[:128],
        strength=_strength(medicine),
        pack=pack,
        pack_size=size,
        price_fen=_demonstration_price(key) if sold else 0,
        packs=60 + _number(key, "stock") % 140 if sold else 0,
        initials=initials_of(medicine.name),
        atc=medicine.atc[:8],
        is_sold=sold,
    )


def pack_of(medicine: Medicine) -> tuple[str, int]:
    """What is printed on the box, and how many smallest units are in it: `5mg×28片`, 28."""
    strength = _strength(medicine)
    if medicine.form in _COUNTED:
        unit, size = _COUNTED[medicine.form]
        return (f"{size}{unit}" if medicine.unit == unit else f"{strength}×{size}{unit}"), size
    if medicine.form in _LIQUIDS and medicine.unit == "ml" and medicine.strength == 1:
        return f"{_UNTIL_EMPTY}ml/瓶", _UNTIL_EMPTY
    if medicine.form in _LIQUIDS and medicine.unit != "ml":
        return f"{strength}×12支", 12
    return f"{strength}/{_VESSELS.get(medicine.form, '瓶')}" if strength else "", 1


def _strength(medicine: Medicine) -> str:
    return "" if medicine.strength is None else f"{medicine.strength}{medicine.unit}"


def initials_of(name: str) -> str:
    """`缬沙坦胶囊` → `xstjn`, as doctors type it."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda other: other)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()).lower()[
        :64
    ]


def _demonstration_price(key: str) -> int:
    return 880 + _number(key, "price") % 560 * 10


def _number(key: str, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{purpose}:{key}".encode()).digest()[:4])
