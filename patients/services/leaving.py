"""注销账号: what is optional goes, what the law keeps is locked away until its term (PI-09)."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.accounts import services as accounts
from hospital.accounts.models import User
from hospital.kernel.refusals import WrongState, require
from patients import closing, selectors
from patients.models import Link
from patients.permissions import may_close
from patients.services import exports, linking, restricting
from patients.standing import standing

_SAYS: Final = "账号里还有没办完的事，办完以后就可以注销。"


@transaction.atomic
def close_account(user: User, *, at: datetime) -> None:
    """Close one's own account. Refused with everything that is still open.

    Sessions, phone, name, devices, passkeys, addresses and notices of the account are erased; its
    links and consents end. A patient whom no account reaches any more is restricted: nobody reads
    the record, nothing is added to it, until its term is over and the night takes it (R-19).
    """
    require(may_close(user), _("职工账号请联系管理员停用。"))
    links = list(
        Link.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(account=user, ended_at=None)
        .order_by("patient_id")
    )
    patients = [selectors.locked(link.patient) for link in links]
    if blocks := closing.blocks_of(user, patients):
        raise WrongState(
            _(_SAYS), code="account-busy", open=[[block.kind, block.says] for block in blocks]
        )
    for link in links:
        linking.end_for_good(link, by=user, at=at)
    for patient in patients:
        if not patient.links.filter(standing()).exists():
            restricting.restrict(patient, by=user, at=at)
    exports.end_exports_by(user, at=at)
    accounts.erase(user, by=user, at=at)
