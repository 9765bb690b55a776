"""A medicine as the rules see it: what the catalogue says, and everything known about its ATC.

What costs a search (components, interactions, groups) is found once, when the formulary is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prescriptions.formulary.rows import Contraindication

CONTROLLED = frozenset(
    {
        "narcotic",
        "psychotropic_1",
        "psychotropic_2",
        "toxic_western",
        "toxic_tcm",
        "radioactive",
        "precursor",
    }
)
_LOCAL = frozenset({"topical", "ophthalmic", "nasal"})
_CONTAINERS = frozenset({"injection_pen", "cream", "gel", "ointment", "eye_drops", "nasal_spray"})
_INJECTIONS = frozenset({"injection", "injection_pen", "powder_for_injection"})


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the tables say about one ATC code, its components included."""

    codes: frozenset[str] = frozenset()  # its own and those of its components
    meant_by: frozenset[str] = frozenset()  # every prefix in a table that means one of them
    as_one: frozenset[int] = frozenset()  # interactions in which it is the first of the pair
    as_other: frozenset[int] = frozenset()
    contraindications: Mapping[str, tuple[Contraindication, ...]] | None = None
    groups: frozenset[str] = frozenset()  # of allergy
    classes: frozenset[str] = frozenset()  # of which nobody needs two

    def against(self, kind: str) -> tuple[Contraindication, ...]:
        return (self.contraindications or {}).get(kind, ())


@dataclass(frozen=True, slots=True, eq=False)
class Medicine:
    name: str
    origin: str  # drug (catalogue) | substance (controlled list) | herb | code (bare ATC)
    known: Knowledge
    name_en: str = ""
    atc: str = ""
    form: str = ""
    route: str = ""
    strength: Decimal | None = None
    unit: str = ""
    usual_dose: Decimal | None = None
    dose_unit: str = ""
    max_daily_dose: Decimal | None = None
    usual_frequency: str = ""
    minimum_age_months: int | None = None
    pregnancy_caution: int = 0
    antimicrobial_tier: str = "none"
    control_class: str = "none"
    controlled_since: date | None = None
    is_chronic_use: bool = False
    is_retail_banned: bool = False

    @property
    def is_drug(self) -> bool:
        """From the catalogue, so that more than its class is known."""
        return self.origin == "drug"

    def is_controlled(self, on: date) -> bool:
        since = self.controlled_since
        return self.control_class in CONTROLLED and (since is None or since <= on)

    @property
    def is_systemic_antimicrobial(self) -> bool:
        return self.antimicrobial_tier != "none" and self.route not in _LOCAL

    @property
    def is_refrigerated(self) -> bool:
        return self.form == "injection_pen" or self.atc.startswith(("A10A", "A10BJ"))

    @property
    def is_injection(self) -> bool:
        return self.form in _INJECTIONS

    @property
    def goes_without_dose(self) -> bool:
        """Creams, drops, pens and inhalers, whose dose cannot be counted in smallest units."""
        is_container = self.form in _CONTAINERS or self.form.startswith("inhalation_")
        return self.route == "topical" or is_container

    @property
    def pregnancy_risk(self) -> str:
        """The worse of the catalogue's grade and the tables: block, warn or nothing."""
        actions = {row.action for row in self.known.against("pregnancy")}
        if self.pregnancy_caution == 2 or "block" in actions:
            return "block"
        return "warn" if self.pregnancy_caution == 1 or actions else ""

    def is_same_as(self, other: "Medicine") -> bool:
        """The same medicine, the same ingredient, or one that both contain."""
        shared = self.known.codes & other.known.codes
        return self.name == other.name or any(len(code) == 7 for code in shared)
