"""The facts about one wish to be seen online, gathered for the rules."""

from collections.abc import Sequence
from datetime import date, datetime

from doctors import selectors as doctors_of
from doctors.models import Clinician, Credential, Module
from doctors.selectors import PricedService
from hospital.consultations import rules
from hospital.consultations.rules.facts import terms_of
from hospital.consultations.selectors.places import places_left
from hospital.consultations.selectors.receiving import availability
from hospital.kernel.calendar import full_months, full_years, local_date
from hospital.policy.values import Policy
from patients import catalogue
from patients import selectors as patients
from patients.models import Link, Patient


def evidence_of(patient: Patient, at: datetime) -> tuple[rules.Evidence, ...]:
    """What physical hospitals diagnosed in this patient, the newest first."""
    found = [
        rules.Evidence(
            diagnosis=each["diagnosis"],
            days_ago=each["days_ago"],
            kind=each.get("kind", "outpatient_record"),
            hospital=each.get("hospital", "own"),
            department=each.get("department", ""),
            name=each.get("name", ""),
            read_by=each.get("read_by", ""),
            paper=each.get("paper", ""),
        )
        for each in patients.evidence(patient, at)
    ]
    return tuple(sorted(found, key=lambda each: (each.days_ago, each.diagnosis)))


def proven(patient: Patient, kind: str, at: datetime) -> rules.Visit:
    """What is known of the patient's diseases, and nothing else: enough to offer a choice."""
    same = tuple(patients.same_diseases(patient))
    return rules.Visit(kind=kind, evidence=evidence_of(patient, at), same_diseases=same)


def named_diagnoses(
    codes: Sequence[str], evidence: Sequence[rules.Evidence]
) -> list[dict[str, str]]:
    """The chosen codes with the names that the hospital gave them, else the catalogue's."""
    names = {each.diagnosis: each.name for each in reversed(evidence)}
    return [
        {"code": code, "name": names.get(code) or name_of(code)} for code in dict.fromkeys(codes)
    ]


def name_of(code: str) -> str:
    """What the catalogue calls a disease; the code itself where it does not have it."""
    return catalogue.current().diagnoses().get(code, code)


def eligibility_facts(
    *,
    link: Link | None,
    patient: Patient,
    doctor: Clinician,
    kind: str,
    diagnoses: Sequence[str],
    guardian_present: bool,
    policy: Policy,
    at: datetime,
    specialist_present: bool = False,
    step: str = "order",
) -> rules.Visit:
    """Everything the rules ask. Inside a transaction: credential and privilege are held."""
    today = local_date(at)
    credential = doctors_of.credential_for_share(doctor, today)
    evidence = evidence_of(patient, at)
    chosen = tuple(dict.fromkeys(diagnoses))
    given = patients.guardian_consent(patient)
    return rules.Visit(
        kind=kind,
        step=step,
        diagnoses=chosen,
        evidence=evidence,
        same_diseases=tuple(patients.same_diseases(patient)),
        patient_age=full_years(patient.birth_date, today),
        real_name=patient.real_name_at is not None,
        consent_current=patients.consents_current(patient, on=today),
        guardian_consent=str(given.public_id) if given else "",
        allergies_answered=patient.allergies_known_at is not None,
        guardian_verified=acting_as_guardian(link),
        guardian_present=guardian_present,
        specialist=specialist_present or _is_specialist(doctor, chosen, evidence, today),
        doctor=_doctor(doctor, credential, kind, at),
        pharmacist_on_duty=doctors_of.pharmacist_on_duty(at),
        terms=terms_of(policy),
    )


def acting_as_guardian(link: Link | None) -> bool:
    return link is not None and link.is_guardian


def _is_specialist(
    doctor: Clinician, diagnoses: Sequence[str], evidence: Sequence[rules.Evidence], today: date
) -> bool:
    """Let see children by the hospital, or of the department that treated this very disease.

    The department of paediatrics alone says where somebody works, not what they may do.
    """
    if doctors_of.privilege_for_share(doctor, "paediatrics", today) is not None:
        return True
    return has_treated(doctor, diagnoses, evidence)


def has_treated(
    doctor: Clinician, diagnoses: Sequence[str], evidence: Sequence[rules.Evidence]
) -> bool:
    """Whether the doctor's department has treated one of these diseases in this patient."""
    treated = {e.department for e in evidence for code in diagnoses if e.is_of(code)}
    return doctor.department.name in treated


def _doctor(
    doctor: Clinician, credential: Credential | None, kind: str, at: datetime
) -> rules.Doctor:
    """As the doctor has set it at this moment, whatever the caller's row still says."""
    today = local_date(at)
    offered = doctors_of.services_of(doctor, today)
    service, prescribing = offered.get(kind), offered.get(Module.PRESCRIBING)
    since = credential.independent_since if credential else today
    there = availability(Clinician.objects.filter(pk=doctor.pk), at)[doctor.pk]
    return rules.Doctor(
        department=doctor.department.name,
        department_code=doctor.department.code,
        credential_in_force=credential is not None and credential.is_in_force(today),
        practice_months=full_months(since, today),
        offers=service is not None and service.is_on and service.price_fen is not None,
        is_receiving=there.is_receiving,
        places_left=places_left([service], at).get(service.pk, 0) if service else 0,
        away=there.why,
        back_at=there.back_at.isoformat() if there.back_at else "",
        prescribes=prescribing is not None and prescribing.is_on,
    )


def locked_service(doctor: Clinician, kind: str, at: datetime) -> PricedService | None:
    """The doctor's service with its price, held with the doctor's others, so that the last place
    of the day and the last of those who may wait go to one person."""
    if kind not in doctors_of.locked_services(doctor):
        return None
    return doctors_of.services_of(doctor, local_date(at))[kind]
