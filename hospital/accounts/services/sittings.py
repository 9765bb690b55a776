"""Ending sessions."""

from datetime import datetime

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import Sitting, User
from hospital.kernel.refusals import require


def sign_out(request: HttpRequest, *, at: datetime) -> None:
    """End this session; its open sockets follow within seconds."""
    user = request.user
    if isinstance(user, User):
        with transaction.atomic():
            audit.record("account.sign-out", by=user, on=user, at=at)
    logout(request)


@transaction.atomic
def end_sitting(sitting: Sitting, *, by: User, at: datetime) -> None:
    """End one of one's own sessions elsewhere."""
    require(sitting.user_id == by.pk, _("只能退出自己的登录。"))
    audit.record("account.end-sitting", by=by, on=sitting, at=at)
    sitting.delete()
