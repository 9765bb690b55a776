"""Who may act for whom. An ended link is no link."""

from django.db.models import Q, QuerySet

from hospital.accounts.models import User
from patients.models import Address, Consent, Link, Patient


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


def may_export(user: User, patient: Patient) -> bool:
    """A copy of everything: oneself, or the guardian of a child."""
    return _links(user, patient).filter(Q(relation="self") | Q(is_guardian=True)).exists()


def may_close(user: User) -> bool:
    """One's own account; a member of staff's is the administrators' business."""
    return user.phone_index is not None and not user.is_staff
