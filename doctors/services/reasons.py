"""Why something is decided about somebody: in words, never nothing."""

from django.utils.translation import gettext as _

from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused


def stated(why: str) -> str:
    """The reason in its one form; refused where there is none."""
    reason = prose(why, limit=200)
    if not reason:
        raise Refused(_("请写明理由。"), code="reason-missing")
    return reason
