"""Who is on duty when."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, Duty
from doctors.permissions import may_roster
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused, WrongState, require


@transaction.atomic
def roster(
    clinician: Clinician, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Duty:
    """Put somebody on duty. Nobody is on duty twice at the same time."""
    clinician = Clinician.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
    require(may_roster(by, clinician), _("只有医务处和所属的管理部门可以排班。"))
    if ends_at <= starts_at:
        raise Refused(_("下班时间应在上班时间以后。"), code="duty-times")
    if clinician.duties.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise WrongState(_("这段时间已经排过班。"), code="duty-overlap")
    duty = Duty.objects.create(clinician=clinician, starts_at=starts_at, ends_at=ends_at)
    audit.record(
        "duty.roster",
        by=by,
        on=duty,
        at=at,
        clinician=clinician.public_id.hex,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    return duty
