"""注销: an account is emptied of its person and opens no more (个人信息保护法 第四十七条)."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel.refusals import WrongState, require


@transaction.atomic
def erase(user: User, *, by: User, at: datetime) -> User:
    """Forget who `user` was: phone, name, devices, factors, sessions, all that hangs on it.

    The row itself stays, empty: acts of the past keep their author. The phone is free at once.
    What must outlive the account refers to it by PROTECT; everything that would fall with the
    account (CASCADE) falls now, former phones too.
    """
    require(by.pk == user.pk and not user.is_staff, _("只能注销自己的账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active or user.phone_index is None:
        raise WrongState(_("这个账号已经注销。"), code="account-closed")
    for relation in user._meta.related_objects:
        if relation.on_delete is models.CASCADE or relation.name == "former_phones":
            rows = relation.related_model._default_manager
            rows.filter(**{relation.field.name: user}).delete()
    user.phone, user.name, user.is_active = None, "", False
    user.phone_released_at = at
    user.password = make_password(None)
    user.save()
    audit.record("account.close", by=by, on=user, at=at, before="active", after="closed")
    return user
