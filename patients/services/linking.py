"""One patient for one person, and the links that accounts have to them."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.his.models import Person
from hospital.kernel import normalise
from hospital.kernel.calendar import full_years, local_date
from hospital.kernel.encrypted import index_of
from hospital.kernel.refusals import WrongState, require
from patients import claims, selectors
from patients.claims import Claim
from patients.models import Link, Patient
from patients.permissions import may_end
from patients.services import consents, restricting, telling
from patients.standing import HELPER

_MOST_AT_ONCE: Final = 500


@transaction.atomic
def end_link(link: Link, *, by: User, at: datetime) -> Link:
    """No longer act for this family member. Again is no harm."""
    link = Link.objects.select_for_update(of=("self",)).select_related("patient").get(pk=link.pk)
    require(may_end(by, link), _("只能移除自己添加的家人，或替自己代办的人；本人不能移除。"))
    if link.ended_at is None:
        _end(link, by=by, at=at, why="asked")
    return link


def sweep_links(*, at: datetime) -> int:
    """Write down that links past their day have ended; nobody could use them since that moment."""
    return sum(_lapse(link.pk, at=at) for link in selectors.links_to_end(at)[:_MOST_AT_ONCE])


@transaction.atomic
def _lapse(pk: int, *, at: datetime) -> bool:
    rows = Link.objects.select_for_update(of=("self",), skip_locked=True)
    link = rows.select_related("patient", "account").filter(pk=pk, ended_at=None).first()
    if link is None:
        return False
    event = _end(link, by=None, at=at, why=_why_over(link))
    telling.of_a_link_over(link, cause=event, at=at)
    return True


def _why_over(link: Link) -> str:
    return "of-age" if link.is_guardian else "help-over"


def end_for_good(link: Link, *, by: User, at: datetime) -> None:
    """The account of this link is being closed; in the caller's transaction, also of oneself."""
    _end(link, by=by, at=at, why="account-closed")


def patient_of(made: Claim, person: Person | None, *, user: User, at: datetime) -> Patient:
    """The locked patient of this claim, made where there is none. In the caller's transaction.

    `person` is the hospital's record where it bears the claim out: one person is one patient,
    whichever of their documents is shown. Refused where the patient was born otherwise.
    """
    known = Patient.objects.filter(person=person).first() if person else None
    patient = selectors.locked(known or _of_number(made, person, user=user, at=at))
    if person is not None and patient.person_id is None:
        _be(patient, person, at=at)
    if not claims.is_born_so(patient, made.document):
        raise claims.cannot_link()
    return patient


def _of_number(made: Claim, person: Person | None, *, user: User, at: datetime) -> Patient:
    told = made.document
    phone = person.phone if person and made.relation != "self" else user.phone
    patient, _is_new = Patient.objects.get_or_create(
        id_index=index_of(Patient, "id_index", told.key),
        defaults={
            "name": made.name,
            "id_kind": told.kind,
            "id_number": told.number,
            "phone": phone,
            "birth_date": told.birth_date,
            "sex": told.sex,
            "person": person,
            "real_name_at": at if person else None,
            "recorded_at": at,
            "is_demo": user.is_demo,
        },
    )
    return patient


def _be(patient: Patient, person: Person, *, at: datetime) -> None:
    """From now on this person of the hospital's: what was typed gives way to what it knows.

    So does an account that only claimed to be this person, and whose phone the hospital has not.
    """
    patient.person, patient.name = person, normalise.name(person.name)
    patient.birth_date, patient.sex = person.birth_date, person.sex
    patient.real_name_at = patient.real_name_at or at
    if patient.sex == "male":
        patient.pregnancy, patient.due_on, patient.is_lactating = "unknown", None, False
    patient.save()
    claimed = patient.links.filter(relation="self", ended_at=None, is_proven=False)
    for holder in claimed.select_related("account", "patient"):
        if holder.account.phone != person.phone:
            _end(holder, by=None, at=at, why="superseded")


def link(
    user: User,
    patient: Patient,
    *,
    relation: str,
    is_proven: bool,
    at: datetime,
    until: datetime | None = None,
) -> Link:
    """The account's link to the locked patient; the one it has, where it has one.

    Who is proven takes the place of whoever only claimed to be this person; of two who are not
    proven, the first one stays.
    """
    for over in patient.links.filter(ended_at=None, until__lte=at).select_related("patient"):
        _end(over, by=None, at=at, why=_why_over(over))
    has = Link.objects.filter(account=user, patient=patient, ended_at=None).first()
    if has is not None and HELPER in (has.relation, relation) and has.relation != relation:
        raise WrongState(_("您已经能替这位就诊人操作，请先移除再重新添加。"), code="linked-already")
    if has is not None:
        if has.relation == HELPER:
            has.until = until
            has.save(update_fields=["until"])
            _record("patient.help-renew", has, by=user, at=at)
        if is_proven and not has.is_proven:
            has.is_proven = True
            has.save(update_fields=["is_proven"])
        return has
    if patient.person_id is not None and not is_proven:
        raise claims.cannot_link()
    if patient.restricted_at is not None:
        _open_again(user, patient, relation=relation, is_proven=is_proven, at=at)
    if relation == "self":
        _one_self(user)
        _make_way(patient, is_proven=is_proven, at=at)
    return _begin(user, patient, relation=relation, is_proven=is_proven, at=at, until=until)


def _open_again(
    user: User, patient: Patient, *, relation: str, is_proven: bool, at: datetime
) -> None:
    """Only who it is, or a child's guardian, and only where the hospital bears it out."""
    if not is_proven or relation not in {"self", "child"}:
        raise claims.cannot_link()
    restricting.lift(patient, by=user, at=at)


def confirm(patient: Patient, name: str, *, by: User | None, at: datetime) -> None:
    """The verification service says that this name belongs to the locked patient's document.

    It takes the place of a name that nobody had confirmed.
    """
    patient.name, patient.real_name_at = name, at
    patient.save(update_fields=["name", "real_name_at"])
    about = patient.public_id
    audit.record("patient.register", by=by, on=patient, about=about, at=at, step="confirmed")


def join(patient: Patient, person: Person, *, link: Link, at: datetime) -> None:
    """The hospital has come to know a patient who was here first.

    Whom it knows as a child under fourteen has no account of their own: a guardian adds them.
    """
    _be(patient, person, at=at)
    link.is_proven = True
    link.save(update_fields=["is_proven"])
    _record("patient.register", link, by=None, at=at, step="joined")
    if full_years(patient.birth_date, local_date(at)) < claims.OWN_CONSENT:
        _end(link, by=None, at=at, why="guardian-needed")


def _one_self(user: User) -> None:
    if Link.objects.filter(account=user, relation="self", ended_at=None).exists():
        raise WrongState(_("您的账号已经实名，不能再认证成另一个人。"), code="self-already")


def _make_way(patient: Patient, *, is_proven: bool, at: datetime) -> None:
    own = patient.links.filter(relation="self", ended_at=None)
    holder = own.select_related("account").first()
    if holder is None:
        return
    lost = holder.account.phone_released_at is not None  # nobody can sign in to it by phone
    if not is_proven or (holder.is_proven and not lost):
        raise claims.cannot_link()
    _end(holder, by=None, at=at, why="reclaimed" if lost else "superseded")


def _begin(
    user: User,
    patient: Patient,
    *,
    relation: str,
    is_proven: bool,
    at: datetime,
    until: datetime | None,
) -> Link:
    made = Link.objects.create(
        account=user,
        patient=patient,
        relation=relation,
        is_guardian=relation == "child",
        is_proven=is_proven,
        since=at,
        until=until,
    )
    if relation == "self":
        _call_by_name(user, patient)
    event = _record("patient.register", made, by=user, at=at, relation=relation, proven=is_proven)
    if relation == HELPER:
        telling.of_a_helper(made, cause=event, at=at)
    return made


def _call_by_name(user: User, patient: Patient) -> None:
    """The account is greeted by its owner's name from now on."""
    user.name = patient.name
    user.save(update_fields=["name"])


def _end(link: Link, *, by: User | None, at: datetime, why: str) -> int:
    """Also what was agreed to by it, and whom it let in to help; gives the event."""
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    consents.end_with(link, at=at, why=why)
    if link.relation == "self":
        _end_help(link.patient, by=by, at=at)
    return _record("patient.link-end", link, by=by, at=at, why=why)


def _end_help(patient: Patient, *, by: User | None, at: datetime) -> None:
    """Whoever helps an account holder does so by the word of that account."""
    helping = patient.links.select_for_update(of=("self",)).filter(relation=HELPER, ended_at=None)
    for each in helping.select_related("patient"):
        _end(each, by=by, at=at, why="self-ended")


def _record(kind: str, link: Link, *, by: User | None, at: datetime, **facts: Any) -> int:
    about = link.patient.public_id
    return audit.record(kind, by=by, on=link, about=about, at=at, **facts).pk
