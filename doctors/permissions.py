"""Who may set up their work, and who decides about licences and duty."""

from collections.abc import Collection

from doctors.models import Clinician, Credential, Import, Price, Privilege
from hospital.accounts.models import User
from hospital.accounts.roles import Role


def may_set_up(user: User, clinician: Clinician) -> bool:
    """One's own switch and services, nobody else's."""
    return user.pk == clinician.user_id and user.is_active


def may_submit(user: User, clinician: Clinician) -> bool:
    return may_set_up(user, clinician) or user.holds(Role.MEDICAL_AFFAIRS)


def may_add_paper(user: User, credential: Credential) -> bool:
    """Whose licence it is, or who handed it in for them; nobody who may approve it."""
    return may_withdraw(user, (credential.submitted_by_id, credential.clinician.user_id))


def may_decide(user: User, credential: Credential) -> bool:
    """Medical affairs; never who handed it in, and never about oneself."""
    hands = {credential.submitted_by_id, credential.clinician.user_id}
    return user.holds(Role.MEDICAL_AFFAIRS) and user.pk not in hands


def may_decide_privilege(user: User, privilege: Privilege) -> bool:
    """Medical affairs; never who asked for it, and never about oneself."""
    hands = {privilege.asked_by_id, privilege.clinician.user_id}
    return user.holds(Role.MEDICAL_AFFAIRS) and user.pk not in hands


def may_withdraw(user: User, hands: Collection[int]) -> bool:
    """Whose it is, or who handed it in for them."""
    return user.pk in hands and user.is_active


def may_suspend(user: User) -> bool:
    """Anyone in medical affairs: what protects patients must not wait for a second person."""
    return user.holds(Role.MEDICAL_AFFAIRS)


def may_assess(user: User, clinician: Clinician) -> bool:
    """Medical affairs, never about oneself."""
    return user.holds(Role.MEDICAL_AFFAIRS) and user.pk != clinician.user_id


def may_roster(user: User, clinician: Clinician) -> bool:
    return may_roster_kind(user, clinician.kind)


def may_roster_kind(user: User, kind: str) -> bool:
    """Pharmacists are the pharmacy's, doctors the outpatient office's; medical affairs all."""
    office = Role.PHARMACY if kind == "pharmacist" else Role.OUTPATIENT_OFFICE
    return user.holds(Role.MEDICAL_AFFAIRS) or user.holds(office)


def may_import(user: User) -> bool:
    """Hand in a list, and stop one."""
    return user.holds(Role.MEDICAL_AFFAIRS)


def may_confirm(user: User, sheet: Import) -> bool:
    """The second person: an import opens accounts that hold a role."""
    return user.holds(Role.MEDICAL_AFFAIRS) and user.pk != sheet.checked_by_id


def may_propose_prices(user: User) -> bool:
    return user.holds(Role.FINANCE)


def may_publish(user: User, price: Price) -> bool:
    """The offices whose doctors will ask it; never who proposed it."""
    office = user.holds(Role.OUTPATIENT_OFFICE) or user.holds(Role.MEDICAL_AFFAIRS)
    return office and user.pk != price.proposed_by_id


def may_end_prices(user: User) -> bool:
    return may_propose_prices(user) or user.holds(Role.OUTPATIENT_OFFICE)
