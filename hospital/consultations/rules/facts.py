"""Everything the rules may know of a visit that somebody wants to begin online."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Protocol

CATEGORY: Final = 3  # characters of ICD-10 that name a disease
NOT_GATHERED: Final = "not gathered"  # in facts from before this was asked


@dataclass(frozen=True)
class Terms:
    """The numbers of the hospital's policy that these rules ask for."""

    followup_window_days: int = 180
    followup_same_department: bool = False
    minimum_age_online: int = 6
    young_child_age: int = 6
    min_practice_years: int = 3
    no_pharmacist: str = "warn"  # warn | close


@dataclass(frozen=True)
class Evidence:
    """A diagnosis that a physical hospital made, and how long ago."""

    diagnosis: str  # ICD-10
    days_ago: int
    kind: str = "outpatient_record"
    hospital: str = "own"
    department: str = ""
    name: str = ""
    read_by: str = ""  # of another hospital's paper: the code of the department that read it here
    paper: str = ""  # and the public id of the paper

    def is_of(self, code: str) -> bool:
        """The same disease: the same three-character category of ICD-10."""
        return bool(code) and self.diagnosis[:CATEGORY] == code[:CATEGORY]


class Proof(Protocol):
    """Evidence as it is asked for a department, of an order here and of a prescription there."""

    @property
    def department(self) -> str: ...

    @property
    def read_by(self) -> str: ...


def is_of_department(proof: Proof, *, name: str, code: str) -> bool:
    """Diagnosed in it or, in a paper of another hospital, read by it."""
    return proof.department == name or (proof.read_by != "" and proof.read_by == code)


@dataclass(frozen=True)
class Doctor:
    department: str = ""
    department_code: str = ""
    credential_in_force: bool = True
    practice_months: int = 120
    offers: bool = True  # this service, by their own setting
    is_receiving: bool = True
    places_left: int = 1  # of today's
    away: str = ""  # why they do not receive: switch | leave | hours | waiting
    back_at: str = ""  # when they do again, ISO 8601 in Beijing's time
    prescribes: bool = True  # the module 开方, by their own setting


@dataclass(frozen=True)
class Visit:
    kind: str = "followup"  # followup | advice
    step: str = "order"  # order | accept
    diagnoses: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    same_diseases: tuple[tuple[str, str], ...] = ()  # pairs of ICD-10, by a doctor's word
    patient_age: int = 40
    real_name: bool = True
    consent_current: bool = True
    guardian_consent: str = ""  # the public id of the guardian's consent that stands now
    allergies_answered: bool = True
    guardian_verified: bool = False
    guardian_present: bool = False
    specialist: bool = False  # the doctor is of paediatrics or of the disease's own specialty
    doctor: Doctor = field(default_factory=Doctor)
    pharmacist_on_duty: bool = True
    terms: Terms = field(default_factory=Terms)

    @property
    def is_followup(self) -> bool:
        return self.kind == "followup"

    def proofs_of(self, code: str) -> list[Evidence]:
        """The evidence of this very disease, and of what a doctor confirmed to be the same one.

        One step and no further: A is B and B is C by two doctors' words does not make A C.
        """
        others = [
            other
            for one, two in self.same_diseases
            for this, other in ((one, two), (two, one))
            if code[:CATEGORY] == this[:CATEGORY]
        ]
        return [each for each in self.evidence if any(map(each.is_of, [code, *others]))]

    @property
    def is_young_child(self) -> bool:
        return self.patient_age < self.terms.young_child_age


def plain(visit: Visit) -> dict[str, Any]:
    """The facts as stored with a decision. The terms are the policy's, named by its version."""
    told = asdict(visit)
    del told["terms"]
    return told


def from_plain(told: Mapping[str, Any], policy: object) -> Visit:
    """The facts of a stored decision under any version of the policy (an object or a mapping)."""
    return Visit(
        **{
            **told,
            "guardian_consent": told.get("guardian_consent", NOT_GATHERED),
            "diagnoses": tuple(told["diagnoses"]),
            "evidence": tuple(Evidence(**each) for each in told["evidence"]),
            "same_diseases": tuple(map(tuple, told.get("same_diseases", ()))),
            "doctor": Doctor(**told["doctor"]),
        },
        terms=terms_of(policy),
    )


def terms_of(policy: object) -> Terms:
    names = [each.name for each in fields(Terms)]
    if isinstance(policy, Mapping):
        return Terms(**{name: policy[name] for name in names if name in policy})
    return Terms(**{name: getattr(policy, name) for name in names})
