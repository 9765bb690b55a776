import pytest

from doctors import services
from doctors.lifecycle import PRICE, PriceState
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import WrongState
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)
WAYS = {
    PriceState.PROPOSED: (),
    PriceState.PUBLISHED: ("publish",),
    PriceState.REFUSED: ("refuse",),
    PriceState.WITHDRAWN: ("withdraw",),
    PriceState.ENDED: ("publish", "end"),
}


def finance():
    return make.staff("caiwu", "finance")


def take(step, price):
    office = make.staff("menban", "outpatient_office")
    match step:
        case "publish":
            return services.publish_price(price, by=office, at=NOON)
        case "refuse":
            return services.refuse_price(price, by=office, at=NOON, why="太高")
        case "withdraw":
            return services.withdraw_price(price, by=finance(), at=NOON)
        case _:
            return services.end_price(price, ends_on=TODAY, by=office, at=NOON, why="项目取消")


@pytest.mark.parametrize("step", ["publish", "refuse", "withdraw", "end"])
@pytest.mark.parametrize("state", WAYS)
def test_every_state_and_step(state, step):
    price = services.propose_price(
        code="FU-A",
        kind="followup",
        name="在线复诊",
        name_en="Online follow-up",
        price_fen=6000,
        starts_on=TODAY,
        by=finance(),
        at=NOON,
    )
    for each in WAYS[state]:
        price = take(each, price)
    assert price.state == state
    if (state, step) in PRICE.steps:
        assert take(step, price).state == PRICE.steps[state, step]
    else:
        with pytest.raises(WrongState):
            take(step, price)


def test_no_state_is_left_out():
    assert set(WAYS) == set(PRICE.states)
