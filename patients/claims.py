"""Whether an account may be linked to a person. Pure: facts in, a verdict or a refusal out.

What is refused for want of proof sounds the same whether or not such a person exists.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from django.utils.translation import gettext as _

from hospital.kernel import documents, normalise
from hospital.kernel.calendar import BEIJING, full_years
from hospital.kernel.refusals import NotAllowed, Refused
from patients.standing import HELPER, SPEAKING

RELATIONS: Final = (*SPEAKING, HELPER)
ADULT: Final = 18
OWN_CONSENT: Final = 14  # below it a guardian acts (PIPL Art. 31)
LONGEST_HELP: Final = timedelta(days=365)


@dataclass(frozen=True)
class Claim:
    """What somebody says of a person: that this is their name, document and relation."""

    name: str
    document: documents.Document
    relation: str


class Born(Protocol):
    """Whatever tells a birth date and a sex: a document, a patient, the hospital's record."""

    @property
    def birth_date(self) -> date: ...

    @property
    def sex(self) -> str: ...


@dataclass(frozen=True)
class Known:
    """What the hospital has written down about the holder of the number."""

    name: str
    birth_date: date
    sex: str
    phone: str | None
    contacts: tuple[tuple[str, str], ...]  # name, phone


def claim(
    name: str,
    id_number: str,
    relation: str,
    *,
    today: date,
    id_kind: str = documents.ID_CARD,
    birth_date: date | None = None,
    sex: str = "",
) -> Claim:
    """The claim in its one form; refused where the document cannot be, or not in this relation."""
    if relation not in RELATIONS:
        raise Refused(_("请选择与就诊人的关系。"), code="relation-unknown")
    told = documents.read(id_kind, id_number, today=today, birth_date=birth_date, sex=sex)
    made = Claim(normalise.name(name), told, relation)
    age = full_years(told.birth_date, today)
    if relation == "self" and age < OWN_CONSENT:
        raise Refused(
            _("14 岁以下的孩子请由监护人登录自己的账号，在“添加家人”里选“子女”。"),
            code="guardian-needed",
        )
    if relation == "child" and age >= ADULT:
        raise Refused(
            _("“子女”只用于 18 岁以下的孩子，成年家人请选“其他家人”。"), code="relation-age"
        )
    if relation not in {"self", "child"} and age < ADULT:
        raise Refused(_("18 岁以下的孩子只能由监护人添加，关系请选“子女”。"), code="relation-age")
    return made


def ends_at(relation: str, birth_date: date, *, at: datetime) -> datetime | None:
    """When a link to somebody born then ends by itself: a guardian's on the day of being of age.

    Whoever helps does so for a year at most; then the person is asked again.
    """
    if relation == HELPER:
        return at + LONGEST_HELP
    return of_age(birth_date) if relation == "child" else None


def of_age(birth_date: date) -> datetime:
    """The first moment of the eighteenth birthday (of the day after, for the 29th of February)."""
    return birthday(birth_date, ADULT)


def consents_beside(birth_date: date, on: date) -> bool:
    """Whether a child of this age agrees to a text of their own: from 14 until of age."""
    return OWN_CONSENT <= full_years(birth_date, on) < ADULT


def birthday(birth_date: date, years: int) -> datetime:
    """Its first moment in Beijing; where that year has no such day, of the next."""
    year = birth_date.year + years
    try:
        day = birth_date.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return datetime.combine(day, time(), BEIJING)


def is_proven(made: Claim, known: Known | None, *, phones: set[str], by_name: str) -> bool:
    """Whether the hospital's own records bear the claim out.

    Always the name, birth date and sex, for not every document tells them. An adult: also a phone
    that the account has proven to hold. A child: also a guardian there who has the account
    holder's own name and phone. Raises `cannot-link` where the hospital knows the number and does
    not bear it out, and for everybody but oneself where it does not know it.
    """
    if known is None:
        if made.relation != "self":
            raise cannot_link()
        return False
    told = made.document
    if not is_same_name(known.name, made.name) or not is_born_so(known, told):
        raise cannot_link()
    if made.relation == "child":
        is_borne_out = any(
            is_same_name(name, by_name) and phone in phones for name, phone in known.contacts
        )
    else:
        is_borne_out = known.phone in phones
    if not is_borne_out:
        raise cannot_link()
    return True


def is_same_name(one: str, other: str) -> bool:
    """Whether both are one name in its one form; what is no name at all is nobody's."""
    try:
        return normalise.name(one) == normalise.name(other)
    except Refused:
        return False


def is_born_so(one: Born, other: Born) -> bool:
    """Whether both say the same birth date and sex."""
    return (one.birth_date, one.sex) == (other.birth_date, other.sex)


def cannot_link() -> NotAllowed:
    return NotAllowed(
        _(
            "没能核对上这位就诊人。请核对姓名和身份证号；如果都没有错，"
            "请带证件到门诊服务台登记您的手机号，再来添加。"
        ),
        code="cannot-link",
    )
