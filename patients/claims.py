"""Whether an account may be linked to a person. Pure: facts in, a verdict or a refusal out.

What is refused for want of proof sounds the same whether or not such a person exists.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from hospital.kernel import identity, normalise
from hospital.kernel.calendar import full_years
from hospital.kernel.refusals import NotAllowed, Refused

RELATIONS: Final = ("self", "child", "parent", "spouse", "other")
ADULT: Final = 18
OWN_CONSENT: Final = 14  # below it a guardian acts (PIPL Art. 31)


@dataclass(frozen=True)
class Claim:
    """What somebody says of a person: that this is their name, number and relation."""

    name: str
    citizen: identity.CitizenId
    relation: str


@dataclass(frozen=True)
class Known:
    """What the hospital has written down about the holder of the number."""

    name: str
    phone: str | None
    contacts: tuple[tuple[str, str], ...]  # name, phone


def claim(name: str, id_number: str, relation: str, *, today: date) -> Claim:
    """The claim in its one form; refused where the number cannot be, or not in this relation."""
    if relation not in RELATIONS:
        raise Refused(_("请选择与就诊人的关系。"), code="relation-unknown")
    made = Claim(normalise.name(name), identity.citizen_id(id_number, today=today), relation)
    age = full_years(made.citizen.birth_date, today)
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


def is_proven(made: Claim, known: Known | None, *, phones: set[str], by_name: str) -> bool:
    """Whether the hospital's own records bear the claim out.

    An adult: the name, and a phone that the account has proven to hold. A child: the name, and a
    guardian there who has the account holder's own name and phone. Raises `cannot-link` where the
    hospital knows the number and does not bear it out, and for everybody but oneself where it
    does not know it.
    """
    if known is None:
        if made.relation != "self":
            raise cannot_link()
        return False
    if known.name != made.name:
        raise cannot_link()
    if made.relation == "child":
        is_borne_out = any(n == by_name and p in phones for n, p in known.contacts)
    else:
        is_borne_out = known.phone in phones
    if not is_borne_out:
        raise cannot_link()
    return True


def cannot_link() -> NotAllowed:
    return NotAllowed(
        _(
            "没能核对上这位就诊人。请核对姓名和身份证号；如果都没有错，"
            "请带证件到门诊服务台登记您的手机号，再来添加。"
        ),
        code="cannot-link",
    )
