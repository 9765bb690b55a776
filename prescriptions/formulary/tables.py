"""The reference tables as they lie in `prescriptions/data`, and a digest over their bytes."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prescriptions.formulary.rows import (
    AllergyGroup,
    Banned,
    Contraindication,
    Interaction,
    Row,
    Substance,
    parts,
)

DATA = Path(__file__).parent.parent / "data"
_NAMES = (
    "allergy_groups",
    "combination_components",
    "contraindications",
    "controlled_substances",
    "diagnoses",
    "drugs",
    "interactions",
    "online_retail_banned",
)


@dataclass(frozen=True)
class Tables:
    drugs: tuple[Row, ...]
    substances: tuple[Substance, ...]
    interactions: tuple[Interaction, ...]
    contraindications: tuple[Contraindication, ...]
    allergy_groups: tuple[AllergyGroup, ...]
    components: Mapping[str, tuple[str, ...]]  # a combination's code -> those of its parts
    banned: tuple[Banned, ...]
    diagnoses: Mapping[str, bool]  # a listed code -> whether it is chronic
    version: str


def read_tables(folder: Path = DATA) -> Tables:
    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Tables(
        drugs=tuple(rows("drugs")),
        substances=tuple(map(Substance.of, rows("controlled_substances"))),
        interactions=tuple(map(Interaction.of, rows("interactions"))),
        contraindications=tuple(map(Contraindication.of, rows("contraindications"))),
        allergy_groups=tuple(map(AllergyGroup.of, rows("allergy_groups"))),
        components={
            row["atc_combo"]: parts(row["component_atcs"]) for row in rows("combination_components")
        },
        banned=tuple(each for row in rows("online_retail_banned") for each in Banned.of(row)),
        diagnoses={row["icd10"]: row["category"] == "chronic" for row in rows("diagnoses")},
        version=_digest(folder),
    )


def _digest(folder: Path) -> str:
    """Twelve hex digits over every table; a pharmacist's correction changes them."""
    whole = hashlib.sha256()
    for name in _NAMES:
        whole.update(f"{name}\0".encode() + (folder / f"{name}.csv").read_bytes() + b"\0")
    return whole.hexdigest()[:12]
