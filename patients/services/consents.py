"""Informed consent: to one version of one text, by the person it concerns or who acts for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes
from hospital.accounts.models import Code, User
from hospital.kernel.calendar import local_date
from hospital.kernel.canonical import digest
from hospital.kernel.refusals import WrongState, require
from patients import selectors
from patients.models import Consent, ConsentText, Link, Patient
from patients.permissions import may_carry_consent, may_consent_for, may_withdraw
from patients.standing import standing

CODE: Final = "consent"  # the purpose of the code with which a patient agrees


@transaction.atomic
def consent(patient: Patient, text: ConsentText, *, by: User, at: datetime) -> Consent:
    """Agree to `text` for the patient, as it was shown. Twice is once; only the newest version.

    A child of 14 to 17 agrees to their own text with their own account, or in person beside the
    guardian whose screen it is.
    """
    patient = selectors.locked(patient)
    may = may_consent_for(by, patient, text.kind, on=local_date(at))
    require(may, _("只有本人或监护人可以同意。"))
    is_beside = text.kind == "own" and not selectors.is_own(by, patient)
    return _give(patient, text, by=by, at=at, how="beside" if is_beside else "account")


def ask_consent_code(patient: Patient, *, by: User, at: datetime) -> Code:
    """Text a code to the patient's own phone, for them to agree with. Not atomic.

    Refused where the only phone known is that of who holds the screen.
    """
    require(may_carry_consent(by, patient), _("未成年人由监护人同意。"))
    own = _own_phone(patient)
    if own is None or own == by.phone:
        raise WrongState(
            _("没有患者本人的手机号，请本人到门诊服务台登记，或用自己的账号来同意。"),
            code="own-phone-unknown",
        )
    return codes.ask(own, purpose=CODE, at=at)


def consent_by_code(
    patient: Patient,
    texts: Sequence[ConsentText],
    *,
    by: User,
    code: UUID,
    digits: str,
    at: datetime,
) -> list[Consent]:
    """The patient agrees, on the screen of `by`, with the code on their own phone. Not atomic."""
    require(may_carry_consent(by, patient), _("未成年人由监护人同意。"))
    phone = codes.check(code, digits, purpose=CODE, at=at)
    return _given_by_code(patient, texts, phone=phone, by=by, at=at)


@transaction.atomic
def _given_by_code(
    patient: Patient, texts: Sequence[ConsentText], *, phone: str, by: User, at: datetime
) -> list[Consent]:
    patient = selectors.locked(patient)
    require(may_carry_consent(by, patient), _("未成年人由监护人同意。"))
    require(phone == _own_phone(patient) != by.phone, _("验证码不是发到患者本人手机上的。"))
    return [_give(patient, text, by=by, at=at, how="code") for text in texts]


def _own_phone(patient: Patient) -> str | None:
    """The patient's own: of their account, else the one that the hospital has for them."""
    own = patient.links.filter(standing(), relation="self").select_related("account").first()
    if own is not None:
        phone: str | None = own.account.phone
    else:
        phone = patient.person.phone if patient.person else None
    return phone


def _give(patient: Patient, text: ConsentText, *, by: User, at: datetime, how: str) -> Consent:
    if not selectors.newest_texts().filter(pk=text.pk).exists():
        raise WrongState(_("这份文件有新的版本，请看过新版再同意。"), code="consent-text-old")
    given = selectors.in_force(patient, on=local_date(at)).filter(text=text).first()
    if given is not None:
        return given
    for outgrown in patient.consents.filter(text=text, withdrawn_at=None):
        _take_back(outgrown, by=None, at=at, why="of-age")
    made = Consent.objects.create(
        patient=patient, text=text, by=by, at=at, digest=digest_of(text), how=how
    )
    audit.record(
        "patient.consent",
        by=by,
        on=made,
        about=patient.public_id,
        at=at,
        text=text.kind,
        version=text.version,
        digest=made.digest,
        how=how,
    )
    return made


@transaction.atomic
def withdraw(consent: Consent, *, by: User, at: datetime) -> Consent:
    """Take a consent back; as easy as giving it. What was done under it stays lawful."""
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    require(may_withdraw(by, consent), _("只有本人或家人可以撤回。"))
    if consent.withdrawn_at is not None:
        return consent
    _take_back(consent, by=by, at=at, why="asked")
    return consent


def _take_back(consent: Consent, *, by: User | None, at: datetime, why: str) -> None:
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    audit.record(
        "patient.withdraw",
        by=by,
        on=consent,
        about=consent.patient.public_id,
        at=at,
        text=consent.text.kind,
        version=consent.text.version,
        why=why,
    )


def end_with(link: Link, *, at: datetime, why: str) -> None:
    """Who is no longer a guardian consents no longer: the next guardian is asked anew (PI-06).

    Nothing at all stands that a guardian agreed to for a child who is of age, or that an account
    agreed to which is no longer the patient's own, by itself or with a helper's screen: the
    person is asked anew. In the transaction that ends the link.
    """
    given = Consent.objects.select_for_update(of=("self",)).select_related("text", "patient")
    theirs = given.filter(patient=link.patient, by=link.account, withdrawn_at=None)
    if link.relation != "self" and why not in {"of-age", "self-ended"}:
        theirs = theirs.filter(text__kind="guardian")
    for each in theirs:
        _take_back(each, by=None, at=at, why="of-age" if why == "of-age" else "link-ended")


def take_back_all(patient: Patient, *, by: User, at: datetime) -> None:
    """Nothing is agreed to any more; in the transaction that closes the account."""
    given = Consent.objects.select_for_update(of=("self",)).select_related("text", "patient")
    for each in given.filter(patient=patient, withdrawn_at=None):
        _take_back(each, by=by, at=at, why="account-closed")


def digest_of(text: ConsentText) -> str:
    """Over exactly what is shown, in both languages, and to whom the data goes."""
    shown: list[str | int] = [text.kind, text.version, text.title, text.body, text.body_en]
    if text.recipient:
        shown += [text.recipient, text.contact]
    return digest(shown)
