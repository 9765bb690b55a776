"""What of a patient a manager may see in full, and for which reasons. Everything else is masked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.accounts.roles import Role
from hospital.kernel import identity, normalise


@dataclass(frozen=True)
class Detail:
    """One thing that identifies a patient: how it is shown masked, and whose work needs it."""

    name: str  # of the patient's field
    label: str | Promise
    masked: Callable[[str], str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Reason:
    code: str
    label: str | Promise


_BOTH: Final = frozenset({Role.MEDICAL_AFFAIRS.value, Role.OUTPATIENT_OFFICE.value})
DETAILS: Final = (
    Detail("name", _("姓名"), normalise.masked_name, _BOTH),
    Detail("phone", _("手机号"), normalise.masked_phone, _BOTH),
    Detail("id_number", _("身份证号"), identity.masked, frozenset({Role.MEDICAL_AFFAIRS.value})),
)
REASONS: Final = (
    Reason("contact", _("联系患者：停诊、改约、召回药品")),
    Reason("complaint", _("处理投诉或纠纷")),
    Reason("identity", _("核对身份：可能认错人或重名")),
    Reason("inspection", _("配合监管检查或司法要求")),
)
BY_CODE: Final = {reason.code: reason for reason in REASONS}


def details_for(roles: frozenset[str]) -> tuple[Detail, ...]:
    return tuple(detail for detail in DETAILS if detail.roles & roles)
