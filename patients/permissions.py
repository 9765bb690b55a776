"""Who may act for whom. An ended link is no link."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import colleagues
from patients.models import Address, Consent, Glass, Link, Patient
from patients.unmasking import details_for


def may_protect(user: User) -> bool:
    """Who is protected (colleagues, well-known people) is said by medical affairs."""
    return user.holds(Role.MEDICAL_AFFAIRS)


def may_act_for(user: User, patient: Patient) -> bool:
    """Oneself or family: an account linked to the patient now."""
    return _links(user, patient).exists()


def may_consent_for(user: User, patient: Patient, kind: str) -> bool:
    """A guardian's consent is a guardian's; a minor's whole consent is too, where there is one."""
    links = _links(user, patient)
    guarded = patient.links.filter(ended_at=None, is_guardian=True).exists()
    if kind == "guardian" or guarded:
        return links.filter(is_guardian=True).exists()
    return links.exists()


def may_withdraw(user: User, consent: Consent) -> bool:
    return _links(user, consent.patient).exists()


def may_end(user: User, link: Link) -> bool:
    return link.account_id == user.pk and link.relation != "self"


def may_change(user: User, address: Address) -> bool:
    return address.account_id == user.pk


def _links(user: User, patient: Patient) -> QuerySet[Link]:
    return patient.links.filter(account=user, ended_at=None)


def may_let_in(user: User, patient: Patient) -> bool:
    """Who speaks for the patient: oneself or a guardian; where there is neither, who acts."""
    near = patient.links.filter(ended_at=None).filter(Q(relation="self") | Q(is_guardian=True))
    return _links(user, patient).filter(pk__in=near).exists() or (
        not near.exists() and may_act_for(user, patient)
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
