"""The numbers that a hospital may set itself, as one published version of its policy."""

from dataclasses import dataclass
from decimal import Decimal

from prescriptions.rules.terms import ExclusionProfile, Fulfilment, RetailBan


@dataclass(frozen=True)
class Policy:
    version: int = 1
    followup_window_days: int = 180
    followup_same_department: bool = False
    minimum_age_online: int = 0
    young_child_age: int = 6
    general_supply_days: int = 7
    long_term_supply_days: int = 28
    extended_supply_days: int = 84
    max_lines: int = 5
    identity_valid_minutes: int = 30
    min_practice_years: Decimal = Decimal(3)
    exclusion_profile: ExclusionProfile = ExclusionProfile.NONE
    retail_ban: RetailBan = RetailBan.THIRD_PARTY_PHARMACY_ONLY

    @property
    def excludes_risky_medicines(self) -> bool:
        return self.exclusion_profile is ExclusionProfile.BEIJING_CONSERVATIVE

    def bans_retail(self, fulfilment: Fulfilment) -> bool:
        """Whether the net-retail list binds this way of getting the medicine."""
        third_party = fulfilment is Fulfilment.THIRD_PARTY_PHARMACY
        return self.retail_ban is RetailBan.ALL or (
            self.retail_ban is RetailBan.THIRD_PARTY_PHARMACY_ONLY and third_party
        )
