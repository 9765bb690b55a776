"""A patient's account begins with a phone that was proven."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from audit import services as audit
from hospital.accounts.models import User
from hospital.accounts.roles import Role


@transaction.atomic
def register_patient(phone: str, *, at: datetime, demo: bool = False) -> User:
    """Open a patient's account for a phone that was proven to be theirs."""
    user = User.objects.create(
        phone=phone, roles=[Role.PATIENT], password=make_password(None), is_demo=demo
    )
    audit.record("account.register", by=user, on=user, at=at)
    return user
