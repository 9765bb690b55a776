"""Informed consent: to one version of one text, by the person it concerns or who acts for them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel.canonical import digest
from hospital.kernel.refusals import WrongState, require
from patients import selectors
from patients.models import Consent, ConsentText, Link, Patient
from patients.permissions import may_consent_for, may_withdraw


@transaction.atomic
def consent(patient: Patient, text: ConsentText, *, by: User, at: datetime) -> Consent:
    """Agree to `text` for the patient, as it was shown. Twice is once; only the newest version."""
    patient = selectors.locked(patient)
    require(may_consent_for(by, patient, text.kind), _("只有本人或监护人可以同意。"))
    if not selectors.newest_texts().filter(pk=text.pk).exists():
        raise WrongState(_("这份文件有新的版本，请看过新版再同意。"), code="consent-text-old")
    standing = Consent.objects.filter(patient=patient, text=text, withdrawn_at=None).first()
    if standing is not None:
        return standing
    made = Consent.objects.create(patient=patient, text=text, by=by, at=at, digest=digest_of(text))
    audit.record(
        "patient.consent",
        by=by,
        on=made,
        about=patient.public_id,
        at=at,
        text=text.kind,
        version=text.version,
        digest=made.digest,
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


def end_with(link: Link, *, at: datetime) -> None:
    """Who is no longer a guardian consents no longer: the next guardian is asked anew (PI-06).

    In the transaction that ends the link.
    """
    if not link.is_guardian:
        return
    given = Consent.objects.select_for_update(of=("self",)).select_related("text")
    for each in given.filter(
        patient=link.patient, by=link.account, text__kind="guardian", withdrawn_at=None
    ):
        _take_back(each, by=None, at=at, why="link-ended")


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
