"""What is handed in with a licence: numbers, where somebody is registered, who insures them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import licences
from doctors.lifecycle import State
from doctors.models import Clinician, Credential
from hospital.accounts.models import User
from hospital.kernel import identity
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import folded, prose
from hospital.kernel.refusals import Refused, WrongState

_WHOLE: Final = 27  # places of a certificate that ends in its holder's identity number


@dataclass(frozen=True)
class Filing:
    """Registered elsewhere: filed here for a time (R-15), with that institution's consent."""

    number: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    consented_on: date | None = None


@dataclass(frozen=True)
class Insurance:
    """Liability insurance (R-37)."""

    insurer: str = ""
    policy_no: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


def numbers_of(
    clinician: Clinician, qualification_no: str, practice_no: str, *, today: date
) -> dict[str, str]:
    """Both numbers in their one form; a doctor's has to fit the holder's identity number."""
    if clinician.kind == "pharmacist":
        return {
            "qualification_no": licences.pharmacist_number(qualification_no),
            "practice_no": licences.pharmacist_number(practice_no),
        }
    return {
        "qualification_no": licences.qualification_number(
            qualification_no, today=today, id_number=clinician.id_number
        ),
        "practice_no": licences.practice_number(practice_no),
    }


def know_holder(
    clinician: Clinician,
    *,
    id_number: str | None,
    qualification_no: str,
    by: User,
    at: datetime,
) -> None:
    """Keep the holder's identity number, which is typed once; a long certificate holds it too.

    All posts of a person have the same. Until a licence was approved under it, it may be
    corrected, at all of them. `clinician` is held.
    """
    others = list(clinician.user.posts.exclude(pk=clinician.pk).exclude(id_number_index=None))
    known = next((post.id_number for post in (clinician, *others) if post.id_number), "")
    number = id_number or known or _inside(clinician, qualification_no)
    if not number:
        return
    number = identity.citizen_id(number, today=local_date(at)).number
    if number == clinician.id_number:
        return
    posts = [clinician]
    if known not in ("", number):
        posts += others
        _require_correctable(clinician)
        Clinician.objects.filter(user=clinician.user_id).update(
            id_number=None, id_number_index=None
        )
    for post in posts:
        _identify(post, number, by=by, at=at)


def _require_correctable(clinician: Clinician) -> None:
    stands = Credential.objects.filter(clinician__user=clinician.user_id).exclude(
        state__in=[State.SUBMITTED, State.REFUSED, State.WITHDRAWN]
    )
    if stands.exists():
        raise Refused(_("身份证号与已登记的不一致。确需更正请联系医务处。"), code="id-number-fixed")


def _identify(post: Clinician, number: str, *, by: User, at: datetime) -> None:
    post.id_number = number
    _once(
        lambda: post.save(update_fields=["id_number", "id_number_index"]),
        _("这个身份证号已经登记在别人名下，请核对；确是本人的请联系医务处。"),
        "id-number-of-another",
    )
    audit.record("clinician.identify", by=by, on=post, at=at)


def _inside(clinician: Clinician, qualification_no: str) -> str:
    number = folded(qualification_no).replace(" ", "")
    return number[-18:] if clinician.kind == "doctor" and len(number) == _WHOLE else ""


def registration(
    institution: str, filing: Filing, *, today: date, is_doctor: bool
) -> dict[str, Any]:
    """Where they are registered. Elsewhere asks for the filing and that institution's consent."""
    name = prose(institution, limit=80)
    if not name:
        raise Refused(_("请填写执业机构。"), code="institution-missing")
    if name == settings.HOSPITAL_NAME or not is_doctor:
        filing = Filing()
    else:
        _require_filed(filing, today)
    return {
        "institution": name,
        "filing_no": folded(filing.number),
        "filing_from": filing.starts_on,
        "filing_until": filing.ends_on,
        "consented_on": filing.consented_on,
    }


def _require_filed(filing: Filing, today: date) -> None:
    starts, ends = filing.starts_on, filing.ends_on
    if not folded(filing.number) or starts is None or ends is None:
        raise Refused(
            _("注册在其他机构的医师，请填写多机构执业备案的编号和起止日期。"), code="filing-missing"
        )
    if len(folded(filing.number)) > 40:
        raise Refused(_("备案编号最多 40 个字。"), code="filing-malformed")
    if not starts <= today <= ends:
        raise Refused(_("多机构执业备案现在不在有效期内。"), code="filing-dates")
    if filing.consented_on is None or filing.consented_on > today:
        raise Refused(_("请填写执业注册机构同意的日期。"), code="consent-missing")


def insured(insurance: Insurance, *, today: date) -> dict[str, Any]:
    """All of it, or nothing."""
    insurer, number = prose(insurance.insurer, limit=80), folded(insurance.policy_no)
    starts, ends = insurance.starts_on, insurance.ends_on
    if not any((insurer, number, starts, ends)):
        return {}
    if not insurer or not number or starts is None or ends is None or len(number) > 60:
        raise Refused(
            _("责任保险请填全：保险公司、保单号、起止日期；没有就都不填。"),
            code="insurance-partial",
        )
    if ends < starts or ends < today:
        raise Refused(_("请核对责任保险的起止日期。"), code="insurance-dates")
    return {
        "insurer": insurer,
        "policy_no": number,
        "insured_from": starts,
        "insured_until": ends,
    }


def kept(**values: Any) -> Credential:
    """The licence as it waits; refused where one waits already or the certificate is another's."""
    credential: Credential = _once(
        lambda: Credential.objects.create(**values),
        _("这份证书已经登记在别人名下，请核对编码；确是本人的请联系医务处。"),
        "certificate-of-another",
    )
    return credential


def _once(write: Callable[[], Any], message: str, code: str) -> Any:
    """What `write` answers. Whose the number is already, nobody is told."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if broken == "credential_one_submitted":
            raise WrongState(_("已有一份资质在等待审核。"), code="already-submitted") from None
        if broken in ("credential_of_one_person", "id_number_of_one_person"):
            raise Refused(message, code=code) from None
        raise
