"""The facts about one prescription, gathered for the rules: what is checked is what is signed.

Nobody hands facts in. They are read here, inside the transaction that will act on the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from doctors import selectors as doctors
from doctors.models import Credential
from hospital.accounts import identity
from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation
from hospital.kernel.calendar import full_months, local_date
from hospital.policy import selectors as policies
from hospital.policy.values import Policy as HospitalPolicy
from patients import selectors as patients
from prescriptions import rules
from prescriptions.formulary import formulary
from prescriptions.lifecycle import State
from prescriptions.models import Line, Prescription
from prescriptions.pharmacy import medicine_of
from prescriptions.rules import terms


@dataclass(frozen=True)
class Ruling:
    """What the rules said, about what, under which version of the policy."""

    proposal: rules.Proposal
    decision: rules.Decision
    policy: policies.Current


def judged(prescription: Prescription, lines: Sequence[Line], at: datetime) -> Ruling:
    """Ask every rule. Inside a transaction: the doctor's credential and privileges are held."""
    current = policies.current()
    proposal = proposal_for(prescription, lines, at, policy=current)
    return Ruling(proposal, rules.decide(proposal), current)


def proposal_for(
    prescription: Prescription,
    lines: Sequence[Line],
    at: datetime,
    *,
    policy: policies.Current | None = None,
) -> rules.Proposal:
    current = policy or policies.current()
    return rules.Proposal(
        at=at,
        patient=_patient(prescription, at),
        visit=_visit(prescription, at),
        doctor=_doctor(prescription, at),
        lines=tuple(_line(prescription, line) for line in lines),
        reason=prescription.reason,
        second_signature=prescription.second_signature,
        long_term_evaluation=prescription.long_term_evaluation,
        patient_confirmed_long_term=prescription.patient_confirmed_long_term,
        extension_days=prescription.extension_days,
        policy=policy_of(current.values, version=current.number),
    )


def policy_of(values: HospitalPolicy, *, version: int = 1) -> rules.Policy:
    """The numbers that the prescription rules ask for, in their own types."""
    read: dict[str, Callable[[Any], Any]] = {
        "followup_same_department": bool,
        "min_practice_years": Decimal,
        "exclusion_profile": terms.ExclusionProfile,
        "retail_ban": terms.RetailBan,
    }
    names = [each.name for each in fields(rules.Policy) if each.name != "version"]
    told = {name: read.get(name, int)(getattr(values, name)) for name in names}
    return rules.Policy(version=version, **told)


def _line(prescription: Prescription, line: Line) -> rules.Line:
    medicine = medicine_of(line.drug)
    return rules.Line(
        drug=medicine.name,
        dose=line.dose,
        dose_unit=line.dose_unit,
        frequency=line.frequency,
        days=line.days,
        kind=terms.Kind(prescription.kind),
        strength=medicine.strength,
    )


def _visit(prescription: Prescription, at: datetime) -> rules.Visit:
    consultation = prescription.consultation
    known = {state.value for state in terms.VisitState}
    state = consultation.state if consultation.state in known else terms.VisitState.CLOSED
    return rules.Visit(
        diagnoses=tuple(each["code"] for each in prescription.diagnoses),
        evidence=tuple(
            rules.Evidence(
                diagnosis=each["diagnosis"],
                days_ago=each["days_ago"],
                kind=terms.EvidenceKind(each["kind"]),
                hospital=terms.Hospital(each["hospital"]),
                department=each["department"],
                read_by=each.get("read_by", ""),
            )
            for each in patients.evidence(prescription.patient, at)
        ),
        same_diseases=tuple(
            rules.SameDisease(first, second)
            for first, second in patients.same_diseases(prescription.patient)
        ),
        kind=terms.VisitKind(consultation.kind),
        state=terms.VisitState(state),
    )


def _doctor(prescription: Prescription, at: datetime) -> rules.Doctor:
    doctor, today = prescription.doctor, local_date(at)
    credential = doctors.credential_for_share(doctor, today)
    antimicrobial = doctors.privilege_for_share(doctor, "antimicrobial", today)
    proof = identity.check().latest(doctor.user, at=at)
    minutes = None if proof is None else Decimal((at - proof.at).total_seconds()) / 60
    return rules.Doctor(
        title=terms.Title(doctor.title),
        independent_practice_years=_practice(credential, today),
        identity_verified_minutes_ago=minutes,
        specialty=doctor.department.name,
        department_code=doctor.department.code,
        licence_valid=credential is not None,
        may_prescribe=doctors.privilege_for_share(doctor, "prescribe", today) is not None,
        antimicrobial_right=terms.Right(antimicrobial.tier if antimicrobial else "none"),
        is_human=doctor.user.holds(Role.DOCTOR) and doctor.kind == "doctor",
    )


def _practice(credential: Credential | None, today: date) -> Decimal:
    months = full_months(credential.independent_since, today) if credential else 0
    return Decimal(max(months, 0)) / 12


def _patient(prescription: Prescription, at: datetime) -> rules.Patient:
    patient, consultation = prescription.patient, prescription.consultation
    link = patients.link_of(consultation.asked_by, patient)
    told = patients.told(patient, local_date(at))
    return rules.Patient(
        birth_date=patient.birth_date,
        sex=terms.Sex(patient.sex),
        weight_kg=told.weight_kg,  # None where a child has outgrown the last one
        pregnancy=terms.Pregnancy(told.pregnancy),
        lactating=told.is_lactating,
        egfr=patients.egfr(patient),
        liver=terms.Liver(patient.liver),
        allergies=tuple(
            rules.Allergy(allergy.to, terms.Reaction(allergy.reaction))
            for allergy in patients.allergies(patient)
        ),
        allergies_known=patient.allergies_known_at is not None,
        current_medicines=_taken(prescription, at),
        real_name=patient.real_name_at is not None,
        consent_current=patients.consents_current(patient, on=local_date(at)),
        guardian_verified=link is not None and link.is_guardian,
        guardian_present=consultation.guardian_present,
        specialist_with_child=_is_specialist(consultation, local_date(at)),
    )


def _is_specialist(consultation: Consultation, today: date) -> bool:
    """One was there when it began, or the doctor holds the hospital's own privilege today."""
    held = doctors.privilege_for_share(consultation.doctor, "paediatrics", today)
    return consultation.specialist_present or held is not None


def _taken(prescription: Prescription, at: datetime) -> tuple[rules.CurrentMedicine, ...]:
    """What the patient takes, and what another prescription is about to bring them."""
    known = patients.current_medicines(prescription.patient, local_date(at))
    taken = [
        rules.CurrentMedicine(_known_as(each.name, each.atc), each.days_left) for each in known
    ]
    coming = Line.objects.filter(
        prescription__patient=prescription.patient_id,
        prescription__state__in=[State.SIGNED, State.APPROVED],
    ).exclude(prescription__number=prescription.number)
    for line in coming.select_related("drug").order_by("pk"):
        taken.append(rules.CurrentMedicine(medicine_of(line.drug).name, line.days))
    return tuple(taken)


def _known_as(name: str, atc: str) -> str:
    """The name where the formulary has it, else the code, which it can place as well."""
    return name if formulary().taken(name) is not None or not atc else atc
