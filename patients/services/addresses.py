"""Where medicines are sent."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel import normalise
from hospital.kernel.refusals import Refused, require
from patients import selectors
from patients.models import Address
from patients.permissions import may_change

MOST: Final = 20


@transaction.atomic
def add_address(
    user: User, *, name: str, phone: str, region: str, detail: str, at: datetime
) -> Address:
    """Keep an address of the account; `region` as 北京市海淀区, `detail` the rest of it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if selectors.addresses_of(user).count() >= MOST:
        raise Refused(_("最多保存 20 个地址，请先删掉不用的。"), code="addresses-many")
    region, detail = normalise.prose(region, limit=64), normalise.prose(detail, limit=120)
    if not region or not detail:
        raise Refused(_("请把地址填完整：省市区，街道和门牌号。"), code="address-incomplete")
    made = Address.objects.create(
        account=user,
        name=normalise.name(name),
        phone=normalise.phone(phone),
        region=region,
        detail=detail,
        at=at,
    )
    audit.record("address.add", by=user, on=made, at=at)
    return made


@transaction.atomic
def remove_address(address: Address, *, by: User, at: datetime) -> None:
    """Forget an address. Parcels keep the one they were sent to."""
    require(may_change(by, address), _("只能删除自己的地址。"))
    audit.record("address.remove", by=by, on=address, at=at)
    address.delete()
