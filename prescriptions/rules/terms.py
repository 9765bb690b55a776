"""The words that facts may use, exactly as decision cases and the database write them."""

from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Pregnancy(StrEnum):
    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class Liver(StrEnum):
    NORMAL = "normal"
    IMPAIRED = "impaired"
    SEVERE = "severe"


class Reaction(StrEnum):
    ANAPHYLAXIS = "anaphylaxis"
    SEVERE = "severe"
    MILD = "mild"


class VisitKind(StrEnum):
    FOLLOWUP = "followup"
    ADVICE = "advice"


class VisitState(StrEnum):
    OPEN = "open"
    REFERRED = "referred"  # terminated and guided offline
    CLOSED = "closed"


class EvidenceKind(StrEnum):
    OUTPATIENT_RECORD = "outpatient_record"
    INPATIENT_RECORD = "inpatient_record"
    DISCHARGE_SUMMARY = "discharge_summary"
    DIAGNOSIS_CERTIFICATE = "diagnosis_certificate"


class Hospital(StrEnum):
    OWN = "own"
    OTHER = "other"


class Title(StrEnum):
    RESIDENT = "resident"
    ATTENDING = "attending"
    ASSOCIATE_CHIEF = "associate_chief"
    CHIEF = "chief"


class Right(StrEnum):
    """The highest tier of antimicrobials that a doctor may prescribe; also the tiers' names."""

    NONE = "none"
    UNRESTRICTED = "unrestricted"
    RESTRICTED = "restricted"
    SPECIAL = "special"

    @property
    def height(self) -> int:
        return tuple(Right).index(self)


class Kind(StrEnum):
    WESTERN = "western"
    PATENT = "patent"  # 中成药
    HERBAL = "herbal"  # 中药饮片


class Fulfilment(StrEnum):
    HOSPITAL_PHARMACY = "hospital_pharmacy"
    HOSPITAL_DELIVERY = "hospital_delivery"
    THIRD_PARTY_PHARMACY = "third_party_pharmacy"


class ExclusionProfile(StrEnum):
    NONE = "none"
    BEIJING_CONSERVATIVE = "beijing_conservative"


class RetailBan(StrEnum):
    OFF = "off"
    THIRD_PARTY_PHARMACY_ONLY = "third_party_pharmacy_only"
    ALL = "all"
