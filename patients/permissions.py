"""Who may act for whom. An ended link is no link."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import claims, colleagues, kinship, readers
from patients.models import Address, Consent, Evidence, Glass, Link, Patient, SameDisease
from patients.standing import HELPER, speaks, standing
from patients.unmasking import details_for


def may_protect(user: User) -> bool:
    """Who is protected (colleagues, well-known people) is said by medical affairs."""
    return user.holds(Role.MEDICAL_AFFAIRS)


def may_act_for(user: User, patient: Patient) -> bool:
    """Oneself, family or a helper: an account linked to the patient now."""
    return _links(user, patient).exists()


def may_consent_for(user: User, patient: Patient, kind: str, *, on: date) -> bool:
    """A guardian's consent is a guardian's; a minor's is too, where there is one.

    Only the child's own at 14 to 17 is the child's: by their account, or beside the guardian. A
    helper consents to nothing.
    """
    links = _speaking(user, patient)
    if kind == "own":
        near = links.filter(Q(relation="self") | Q(is_guardian=True))
        return claims.consents_beside(patient.birth_date, on) and near.exists()
    guarded = patient.links.filter(standing(), is_guardian=True).exists()
    if kind == "guardian" or guarded:
        return links.filter(is_guardian=True).exists()
    return links.exists()


def may_carry_consent(user: User, patient: Patient) -> bool:
    """Hold the screen on which an adult agrees by a code on their own phone."""
    guarded = patient.links.filter(standing(), is_guardian=True).exists()
    return not guarded and may_act_for(user, patient)


def may_speak_for(user: User, patient: Patient) -> bool:
    """Oneself or family, in whose hands the patient's data is; no helper."""
    return _speaking(user, patient).exists()


def may_withdraw(user: User, consent: Consent) -> bool:
    return may_speak_for(user, consent.patient)


def may_end(user: User, link: Link) -> bool:
    """One's own link to somebody; as an adult also anybody's to oneself. Never that to oneself."""
    if link.relation == "self":
        return False
    is_mine = _links(user, link.patient).filter(relation="self").exists()
    return link.account_id == user.pk or (is_mine and not link.is_guardian)


def may_change(user: User, address: Address) -> bool:
    return address.account_id == user.pk


def _links(user: User, patient: Patient) -> QuerySet[Link]:
    return patient.links.filter(standing(), account=user)


def _speaking(user: User, patient: Patient) -> QuerySet[Link]:
    """Those that may decide in the patient's stead."""
    return _links(user, patient).exclude(relation=HELPER)


def may_let_in(user: User, patient: Patient) -> bool:
    """Who speaks for the patient: oneself or a guardian; where there is neither, who acts."""
    near = patient.links.filter(speaks()).filter(Q(relation="self") | Q(is_guardian=True))
    return _links(user, patient).filter(pk__in=near).exists() or (
        not near.exists() and _speaking(user, patient).exists()
    )


def may_break_glass(user: User) -> bool:
    """A doctor whose credential is in force."""
    return user.holds(Role.DOCTOR) and colleagues.practises(user)


def may_end_glass(user: User, glass: Glass) -> bool:
    return glass.by_id == user.pk


def may_review_glass(user: User, glass: Glass) -> bool:
    """Medical affairs, never who looked."""
    return user.holds(Role.MEDICAL_AFFAIRS) and glass.by_id != user.pk


def may_export(user: User, patient: Patient) -> bool:
    """A copy of everything: oneself, or the guardian of a child."""
    return _links(user, patient).filter(Q(relation="self") | Q(is_guardian=True)).exists()


def may_close(user: User) -> bool:
    """One's own account; a member of staff's is the administrators' business."""
    return user.phone_index is not None and not user.is_staff


def may_unmask(user: User, details: Collection[str]) -> bool:
    """Each of these details is one that the work of this person needs."""
    return set(details) <= {each.name for each in details_for(frozenset(user.roles))}


def may_review(user: User, paper: Evidence) -> bool:
    """The outpatient office, or a doctor of the department where the patient wants to be seen;
    never who handed it in, nor anybody who is or ever acted for the patient."""
    office = user.holds(Role.OUTPATIENT_OFFICE)
    doctor = user.holds(Role.DOCTOR) and paper.department in colleagues.directory().places(user)
    return (
        (office or doctor) and paper.by_id != user.pk and not kinship.is_near(user, paper.patient)
    )


def may_name_one_disease(user: User, patient: Patient) -> bool:
    """A doctor who treats the patient now, and is not the patient or their family."""
    return (
        user.holds(Role.DOCTOR)
        and colleagues.practises(user)
        and readers.ground_of(user, patient) == "care"
        and not kinship.is_near(user, patient)
    )


def may_take_back(user: User, link: SameDisease) -> bool:
    """Who confirmed it, or another doctor who treats the patient now."""
    own = user.holds(Role.DOCTOR) and link.by_id == user.pk
    return own or may_name_one_disease(user, link.patient)
