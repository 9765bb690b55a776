"""电子建档: make a person known to the platform, once, and link the account to them.

Not atomic: the hospital's system and the verification service are asked first. Silence there
stops nobody: the mirror answers instead.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts import codes, guesses
from hospital.accounts.models import Code, User
from hospital.his import selectors as his_selectors
from hospital.his import services as his
from hospital.his.models import Person
from hospital.kernel import normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, Unavailable
from patients import claims, gateways, selectors
from patients.claims import Claim, Known
from patients.models import Link, Patient
from patients.services import linking

TRIES: Final = guesses.Limit("register-patient", 10, timedelta(hours=24))
PURPOSE: Final = "link"  # of the code that proves a family member's phone


def register(
    user: User,
    *,
    name: str,
    id_number: str,
    relation: str,
    at: datetime,
    phone: str | None = None,
) -> Patient:
    """The patient with this number, linked to `user`. The same person again is the same patient.

    Oneself: the hospital's record of the number must have the account's phone, or not exist.
    Family: it must exist and have a phone that the account has proven (`phone` is one proven by
    `register_family`); a child's must name the account holder as a guardian. Otherwise
    `cannot-link`, which tells nothing about whether such a person exists.
    """
    made = claims.claim(name, id_number, relation, today=local_date(at))
    own = _own(user)
    if made.relation != "self" and own is None:
        raise Refused(_("请先完成您本人的实名认证，再添加家人。"), code="self-first")
    guesses.count(TRIES, str(user.public_id), at=at)
    _ask_his(made.citizen.number, at=at)
    if gateways.real_name().agree(made.name, made.citizen.number) is False:
        raise NotAllowed(_("姓名和身份证号对不上，请核对一遍。"), code="real-name-differs")
    return _settle(user, made, phones={user.phone, phone} - {None}, own=own, at=at)


def ask_code(user: User, *, phone: str, at: datetime) -> Code:
    """Text a code to a family member's phone, whoever they are. Not atomic."""
    return codes.ask(normalise.phone(phone), purpose=PURPOSE, at=at)


def register_family(
    user: User, *, code: UUID, digits: str, name: str, id_number: str, relation: str, at: datetime
) -> Patient:
    """As `register`, for an adult whose own phone the texted code proves."""
    phone = codes.check(code, digits, purpose=PURPOSE, at=at)
    return register(user, name=name, id_number=id_number, relation=relation, at=at, phone=phone)


def refresh(patient: Patient, *, at: datetime) -> bool:
    """Ask the hospital about this patient now; False where it is silent and the mirror must do.

    A patient whom the hospital did not know before is joined to its record only if that names
    the phone of the account that says "this is me".
    """
    is_fresh = _ask_his(patient.id_number, at=at)
    if patient.person_id is None:
        _join(patient, at=at)
    return is_fresh


@transaction.atomic
def _settle(
    user: User, made: Claim, *, phones: set[str], own: Patient | None, at: datetime
) -> Patient:
    person = his_selectors.person_of(made.citizen.number)
    proven = claims.is_proven(
        made, _known(person), phones=phones, by_name=own.name if own else made.name
    )
    patient = linking.patient_of(made, person if proven else None, user=user, at=at)
    linking.link(user, patient, relation=made.relation, is_proven=proven, at=at)
    return patient


@transaction.atomic
def _join(patient: Patient, *, at: datetime) -> None:
    patient = selectors.locked(patient)
    person = his_selectors.person_of(patient.id_number)
    me = Link.objects.filter(patient=patient, ended_at=None, relation="self").first()
    if person is None or me is None or patient.person_id is not None:
        return
    if (person.name, person.phone) == (patient.name, me.account.phone):
        linking.join(patient, person, link=me, at=at)


def _ask_his(number: str, *, at: datetime) -> bool:
    try:
        his.refresh(number, at=at)
    except Unavailable:
        return False
    return True


def _own(user: User) -> Patient | None:
    link = Link.objects.filter(account=user, ended_at=None, relation="self")
    found = link.select_related("patient").first()
    return found.patient if found else None


def _known(person: Person | None) -> Known | None:
    if person is None:
        return None
    contacts = tuple((each["name"], each["phone"]) for each in person.contacts or ())
    return Known(person.name, person.phone, contacts)
