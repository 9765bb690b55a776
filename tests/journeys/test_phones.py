"""Another phone for the same account."""

import pytest

from hospital.accounts import codes, services
from hospital.accounts.models import FormerPhone, Sitting, User
from hospital.kernel import context
from hospital.kernel.refusals import Refused, TooMany, Unavailable, WrongState
from hospital.notifications import gateways
from hospital.notifications.models import Notice
from tests import consulting
from tests.conftest import NOON
from tests.make import sitting_of, staff
from tests.races import at_once

pytestmark = pytest.mark.django_db
OLD, NEW = "13800006620", "13911112222"


@pytest.fixture
def texts(monkeypatch):
    """(phone, code) of every text; of a notice the code is None."""
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"].get("code")))
    )
    return sent


@pytest.fixture
def wang():
    return consulting.wang()


def digits(texts, phone):
    return next(code for to, code in reversed(texts) if to == phone)


def both(texts, asked):
    return {
        "new": asked.new.public_id,
        "new_digits": digits(texts, NEW),
        "old": asked.old.public_id,
        "old_digits": digits(texts, OLD),
    }


def right(patient):
    return {"last_four": patient.id_number[-4:], "born": f"{patient.birth_date:%Y%m%d}"}


def test_both_codes_change_it_and_both_numbers_are_told(texts, wang, trail):
    user, _patient = wang
    asked = services.ask_phone(user, "+86 139 1111 2222", at=NOON)
    changed = services.change_phone(user, **both(texts, asked), at=NOON)
    assert User.objects.get(pk=user.pk).phone == changed.phone == NEW
    former = FormerPhone.objects.get()
    assert (former.phone, former.why) == (OLD, "changed")
    assert trail("account.phone")[0].facts["how"] == "code"
    assert Notice.objects.get(to=user).kind == "account.phone"
    del texts[:]
    assert services.tell_phones(at=NOON) == 1
    assert sorted(texts) == [(OLD, None), (NEW, None)]
    assert services.tell_phones(at=NOON) == 0  # once


def test_the_provider_being_away_tells_them_later(texts, wang, monkeypatch):
    user, _patient = wang
    asked = services.ask_phone(user, NEW, at=NOON)
    services.change_phone(user, **both(texts, asked), at=NOON)

    def away(*_args, **_how):
        raise Unavailable("away")

    with monkeypatch.context() as silence:
        silence.setattr(gateways, "send_sms", away)
        assert services.tell_phones(at=NOON) == 0
    assert services.tell_phones(at=NOON) == 1


def test_other_sessions_end_and_this_one_goes_on(texts, wang):
    user, _patient = wang
    here, elsewhere = sitting_of(user), sitting_of(user)
    answer = here.post("/me/phone/", {"phone": NEW})
    assert answer["Location"] == "/me/phone/codes/"
    page = here.get("/me/phone/codes/").content.decode()
    assert NEW not in page
    assert "139****2222" in page
    given = {"new-code": digits(texts, NEW), "old-code": digits(texts, OLD)}
    assert here.post("/me/phone/codes/", given | {"old-code": "x"}).status_code == 422
    assert here.post("/me/phone/codes/", given)["Location"] == "/me/sittings/"
    assert here.get("/me/sittings/").status_code == 200
    assert elsewhere.get("/me/sittings/").status_code == 302
    assert User.objects.get(pk=user.pk).phone == NEW


@pytest.mark.parametrize("which", ["new_digits", "old_digits"])
def test_either_code_wrong_changes_nothing(texts, wang, which):
    user, _patient = wang
    given = both(texts, services.ask_phone(user, NEW, at=NOON))
    wrong = "000000" if given[which] != "000000" else "111111"
    with pytest.raises(Refused) as refused:
        services.change_phone(user, **given | {which: wrong}, at=NOON)
    assert refused.value.code == "code-wrong"
    assert User.objects.get(pk=user.pk).phone == OLD
    assert not FormerPhone.objects.exists()


def test_codes_of_other_purposes_people_and_sessions_serve_nothing(texts, wang):
    user, _patient = wang
    stranger = consulting.stranger()
    mine = both(texts, services.ask_phone(user, NEW, at=NOON))
    sign_in = codes.ask(OLD, purpose="sign-in", at=NOON)
    swaps = [
        {"old": sign_in.public_id, "old_digits": digits(texts, OLD)},
        {"old": mine["new"], "old_digits": mine["new_digits"]},
    ]
    for swap in swaps:
        with pytest.raises(Refused) as refused:
            services.change_phone(user, **mine | swap, at=NOON)
        assert refused.value.code == "code-expired"
    with (
        context.entering(context.RequestContext(session="another")),
        pytest.raises(Refused) as refused,
    ):
        services.change_phone(user, **mine, at=NOON)
    assert refused.value.code == "code-expired"
    with pytest.raises(Refused) as refused:  # proves another account's number, not the stranger's
        services.change_phone(stranger, **mine, at=NOON)
    assert refused.value.code == "code-expired"


def test_who_lost_the_old_phone_answers_from_the_record(texts, wang, trail):
    user, patient = wang
    asked = services.ask_phone(user, NEW, at=NOON, is_lost=True)
    assert asked.old is None
    assert [to for to, _code in texts] == [NEW]
    given = {"new": asked.new.public_id, "new_digits": digits(texts, NEW)}
    with pytest.raises(Refused) as refused:
        services.change_phone(user, **given, answers=right(patient) | {"born": "19000101"}, at=NOON)
    assert refused.value.code == "recall-wrong"
    services.change_phone(user, **given, answers=right(patient), at=NOON)
    assert trail("account.phone")[0].facts["how"] == "record"


def test_without_the_record_nothing_replaces_the_old_phone(texts):
    stranger = consulting.stranger()
    asked = services.ask_phone(stranger, NEW, at=NOON, is_lost=True)
    given = {"new": asked.new.public_id, "new_digits": digits(texts, NEW)}
    for answers in (None, {}, {"last_four": "", "born": ""}):
        with pytest.raises(Refused) as refused:
            services.change_phone(stranger, **given, answers=answers, at=NOON)
        assert refused.value.code == "recall-wrong"
    for _ in range(2):
        with pytest.raises(Refused):
            services.change_phone(stranger, **given, answers={}, at=NOON)
    with pytest.raises(TooMany):
        services.change_phone(stranger, **given, answers={}, at=NOON)


def test_a_number_of_somebody_else_is_texted_like_any_other_and_refused_to_its_holder(texts, wang):
    user, _patient = wang
    services.register_patient(NEW, at=NOON)
    asked = services.ask_phone(user, NEW, at=NOON)
    assert (NEW, digits(texts, NEW)) in texts
    with pytest.raises(Refused) as refused:
        services.change_phone(user, **both(texts, asked), at=NOON)
    assert refused.value.code == "phone-taken"
    assert User.objects.get(pk=user.pk).phone == OLD


def test_the_same_number_and_accounts_without_one_are_refused(texts, wang):
    user, _patient = wang
    for who, kind in ((user, Refused), (staff("lin", "doctor"), WrongState)):
        with pytest.raises(kind):
            services.ask_phone(who, OLD, at=NOON)
    assert not texts


@pytest.mark.django_db(transaction=True)
def test_two_who_want_one_number_at_once_do_not_both_get_it(texts, wang):
    """One texted code for each account; the number itself is one account's."""
    user, _patient = wang
    other = services.register_patient("13800006629", at=NOON)
    wishes = []
    for who, own in ((user, OLD), (other, "13800006629")):
        asked = services.ask_phone(who, NEW, at=NOON.replace(minute=len(wishes) * 2))
        wishes.append(
            {
                "new": asked.new.public_id,
                "new_digits": digits(texts, NEW),
                "old": asked.old.public_id,
                "old_digits": digits(texts, own),
            }
        )
    outcomes = at_once(
        *[
            lambda who=who, wish=wish: services.change_phone(who, **wish, at=NOON.replace(minute=3))
            for who, wish in zip((user, other), wishes, strict=True)
        ]
    )
    told = sorted(getattr(outcome, "code", "changed") for outcome in outcomes)
    assert told == ["changed", "phone-taken"]
    assert sum(each.phone == NEW for each in User.objects.all()) == 1


def test_the_way_by_json(texts, wang):
    user, patient = wang
    program = sitting_of(user)
    asked = program.post("/api/v1/me/phone", {"phone": NEW}, content_type="application/json")
    assert asked.status_code == 201
    given = {
        "new": asked.json()["new"],
        "new_code": digits(texts, NEW),
        "old": asked.json()["old"],
        "old_code": digits(texts, OLD),
    }
    assert (
        program.put("/api/v1/me/phone", given, content_type="application/json").status_code == 200
    )
    assert User.objects.get(pk=user.pk).phone == NEW
    assert Sitting.objects.filter(user=user).count() == 1
    doctor = sitting_of(staff("lin", "doctor"))
    assert (
        doctor.post("/api/v1/me/phone", {"phone": NEW}, content_type="application/json").status_code
        == 403
    )
    assert patient
