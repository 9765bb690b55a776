"""电子建档: make a person known to the platform, once, and link the account to them.

Not atomic: the hospital's system and the verification service are asked first. Silence there
stops nobody: the mirror answers instead.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts import codes, guesses
from hospital.accounts.models import Code, User
from hospital.his import selectors as his_selectors
from hospital.his import services as his
from hospital.his.models import Person
from hospital.kernel import documents, normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, TooMany, Unavailable
from patients import claims, gateways, selectors
from patients.claims import Claim, Known
from patients.models import Link, Patient
from patients.services import linking
from patients.standing import HELPER, standing

TRIES: Final = guesses.Limit("register-patient", 10, timedelta(hours=24))
REFRESH: Final = guesses.Limit("refresh-patient", 1, timedelta(seconds=30))
PURPOSE: Final = "link"  # of the code that proves a family member's phone


def register(
    user: User,
    *,
    name: str,
    id_number: str,
    relation: str,
    at: datetime,
    phone: str | None = None,
    **document: Any,
) -> Patient:
    """The patient with this document, linked to `user`. The same person again is the same patient.

    `document`: `id_kind`, where it is no identity card; `birth_date` and `sex`, where the number
    does not say them.

    Oneself: the hospital's record of the number must have the account's phone, or not exist.
    A helper's: the phone must be the patient's own, not the account's, and prove that they agreed.
    Family: it must exist and have a phone that the account has proven (`phone` is one proven by
    `register_family`); a child's must name the account holder as a guardian. Who was a child here
    and is grown up agrees with a phone that is not the account's. Otherwise
    `cannot-link`, which tells nothing about whether such a person exists: neither does the
    verification service then.
    """
    made = claims.claim(name, id_number, relation, today=local_date(at), **document)
    own = _own(user)
    if made.relation != "self" and own is None:
        raise Refused(_("请先完成您本人的实名认证，再添加家人。"), code="self-first")
    if made.relation == HELPER and (phone is None or phone == user.phone):
        raise Refused(
            _("代办要由对方本人同意：请填对方自己的手机号和收到的验证码。"),
            code="helper-needs-code",
        )
    guesses.count(TRIES, str(user.public_id), at=at)
    _ask_his(made.document.kind, made.document.number, at=at)
    verdict = _service_says(made.name, made.document)
    if verdict is False and made.relation != "self":
        raise claims.cannot_link()
    if verdict is False:
        raise NotAllowed(_("姓名和证件号对不上，请核对一遍。"), code="real-name-differs")
    return _settle(user, made, phone=phone, own=own, is_agreed=verdict is True, at=at)


def ask_code(user: User, *, phone: str, at: datetime) -> Code:
    """Text a code to a family member's phone, whoever they are. Not atomic."""
    return codes.ask(normalise.phone(phone), purpose=PURPOSE, at=at)


def register_family(
    user: User,
    *,
    code: UUID,
    digits: str,
    name: str,
    id_number: str,
    relation: str,
    at: datetime,
    **document: Any,
) -> Patient:
    """As `register`, for an adult whose own phone the texted code proves."""
    phone = codes.check(code, digits, purpose=PURPOSE, at=at)
    who = {"name": name, "id_number": id_number, "relation": relation}
    return register(user, **who, at=at, phone=phone, **document)


def refresh(patient: Patient, *, at: datetime) -> bool:
    """Ask the hospital about this patient now; False where it is silent and the mirror must do.

    A patient whom the hospital did not know before is joined to its record only if that names
    the phone of the account that says "this is me". Whose real name is not confirmed yet, the
    verification service is asked about again.

    Not atomic. Refused as `TooMany` when the same patient was asked about a moment ago: each
    question makes one worker wait for the hospital.
    """
    try:
        guesses.count(REFRESH, str(patient.public_id), at=at)
    except TooMany as refusal:
        wait = refusal.facts["retry_after"]
        raise TooMany(
            _("刚刚已经问过医院系统了，请 %(seconds)s 秒后再刷新。") % {"seconds": wait},
            code="just-refreshed",
            retry_after=wait,
        ) from None
    is_fresh = _ask_his(patient.id_kind, patient.id_number, at=at)
    if patient.person_id is None:
        _join(patient, at=at)
        _confirm(patient, at=at)
    return is_fresh


@transaction.atomic
def _settle(
    user: User,
    made: Claim,
    *,
    phone: str | None,
    own: Patient | None,
    is_agreed: bool,
    at: datetime,
) -> Patient:
    person = _person_of(made.document.kind, made.document.number)
    shown = {user.phone, phone} if _may_show_own_phone(made, person) else {phone} - {user.phone}
    phones = {each for each in shown if each}
    proven = claims.is_proven(
        made, _known(person), phones=phones, by_name=own.name if own else made.name
    )
    patient = linking.patient_of(made, person if proven else None, user=user, at=at)
    until = claims.ends_at(made.relation, patient.birth_date, at=at)
    linking.link(user, patient, relation=made.relation, is_proven=proven, at=at, until=until)
    if is_agreed and patient.real_name_at is None:
        linking.confirm(patient, made.name, by=user, at=at)
    return patient


def _may_show_own_phone(made: Claim, person: Person | None) -> bool:
    """Not who helps; nor for somebody grown up who had a guardian here: theirs is the old phone."""
    if made.relation in {"self", "child"}:
        return True
    was_guarded = Link.objects.filter(is_guardian=True, patient__person=person)
    return made.relation != HELPER and not (person and was_guarded.exists())


@transaction.atomic
def _join(patient: Patient, *, at: datetime) -> None:
    patient = selectors.locked(patient)
    person = _person_of(patient.id_kind, patient.id_number)
    me = Link.objects.filter(standing(), patient=patient, relation="self").first()
    if person is None or me is None or patient.person_id is not None:
        return
    if Patient.objects.filter(person=person).exists():  # by another document of theirs
        return
    if person.phone == me.account.phone and claims.is_same_name(person.name, patient.name):
        linking.join(patient, person, link=me, at=at)


def _confirm(patient: Patient, *, at: datetime) -> None:
    """Ask the service about who is in no record of the hospital's; "differs" changes nothing."""
    patient.refresh_from_db()
    if patient.real_name_at is not None:
        return
    document = documents.Document(
        patient.id_kind, patient.id_number, patient.birth_date, patient.sex
    )
    if _service_says(patient.name, document):
        _write_confirmed(patient, patient.name, at=at)


@transaction.atomic
def _write_confirmed(patient: Patient, name: str, *, at: datetime) -> None:
    """Unless the name was put right meanwhile: then it was another one that was asked about."""
    patient = selectors.locked(patient)
    if patient.real_name_at is None and patient.name == name:
        linking.confirm(patient, name, by=None, at=at)


def _service_says(name: str, document: documents.Document) -> bool | None:
    """Whether they belong together; None where the service cannot say, or says nothing at all."""
    try:
        return gateways.real_name().agree(name, document)
    except Unavailable:
        return None


def _ask_his(kind: str, number: str, *, at: datetime) -> bool:
    try:
        with his.patience():
            for system in _systems(kind):
                if his.refresh(number, at=at, document=system) is not None:
                    break
    except Unavailable:
        return False
    return True


def _person_of(kind: str, number: str) -> Person | None:
    found = (his_selectors.person_of(number, system) for system in _systems(kind))
    return next((person for person in found if person), None)


def _systems(kind: str) -> tuple[str, ...]:
    """Under which of its systems the hospital may keep a document of this kind.

    Eighteen-place numbers are one space: a window may have typed one in as an identity card's.
    """
    if kind == documents.ID_CARD:
        return ("",)
    return (kind, "") if kind in documents.EIGHTEEN else (kind,)


def _own(user: User) -> Patient | None:
    link = Link.objects.filter(standing(), account=user, relation="self")
    found = link.select_related("patient").first()
    return found.patient if found else None


def _known(person: Person | None) -> Known | None:
    if person is None:
        return None
    contacts = tuple((each["name"], each["phone"]) for each in person.contacts or ())
    return Known(person.name, person.birth_date, person.sex, person.phone, contacts)
