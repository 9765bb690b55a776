"""A number that went to somebody else does not open the record of who had it before."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from hospital.accounts import codes, devices, guesses, recollection, services
from hospital.accounts.models import Device, FormerPhone, Recall, Sitting, User
from hospital.accounts.services.recalling import PATIENCE, must_recall
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused, TooMany
from hospital.notifications import gateways
from patients import selectors as records
from patients import services as patients
from patients.models import Link
from tests import consulting
from tests.conftest import NOON
from tests.make import sitting_of
from tests.races import at_once

pytestmark = pytest.mark.django_db
PHONE = "13800006620"
LONG = timedelta(days=settings.RECALL_AFTER_DAYS)


@pytest.fixture
def texts(monkeypatch):
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"].get("code")))
    )
    return sent


@pytest.fixture
def wang():
    """王秀兰, who last signed in at noon, in a browser of her own, and has a record."""
    user, patient = consulting.wang()
    Device.objects.create(user=user, digest="her own browser", seen_at=NOON)
    return user, patient


def right(patient):
    return {"last_four": patient.id_number[-4:], "born": f"{patient.birth_date:%Y%m%d}"}


def entered(texts, *, at, device="new"):
    code = codes.ask(PHONE, purpose="sign-in", device=device, at=at)
    return services.patient_by_code(code.public_id, texts[-1][1], device=device, at=at)


@pytest.mark.parametrize(("silent", "asks"), [(LONG, True), (LONG - timedelta(seconds=1), False)])
def test_after_a_long_silence_a_new_browser_is_asked_first(texts, wang, silent, asks):
    found = entered(texts, at=NOON + silent)
    assert isinstance(found, Recall) is asks


def test_a_browser_that_is_known_is_not_asked(texts, wang):
    user, _patient = wang
    Device.objects.update(digest=devices.digest("her own browser"))
    assert isinstance(entered(texts, at=NOON + 2 * LONG, device="her own browser"), User)
    assert must_recall(user, device="another", at=NOON + 2 * LONG)


def test_an_account_without_a_record_has_nothing_to_protect(texts):
    services.register_patient(PHONE, at=NOON)
    Device.objects.create(user=User.objects.get(), digest="x", seen_at=NOON)
    assert isinstance(entered(texts, at=NOON + LONG), User)


def test_who_remembers_the_record_comes_in(texts, wang, trail):
    user, patient = wang
    asked = entered(texts, at=NOON + LONG)
    assert services.recall(asked.public_id, right(patient), device="new", at=NOON + LONG) == user
    assert trail()[-2:] == ["account.recall-ask", "account.recall"]
    with pytest.raises(Refused) as refused:  # once
        services.recall(asked.public_id, right(patient), device="new", at=NOON + LONG)
    assert refused.value.code == "recall-expired"


@pytest.mark.parametrize(
    "answers",
    [
        {"last_four": "0000"},
        {"born": "19580618"},
        {"last_four": ""},
        {"born": ""},
        {"last_four": "０"},
        {"born": "x" * 40},
    ],
)
def test_half_right_is_wrong(texts, wang, answers, trail):
    _user, patient = wang
    asked = entered(texts, at=NOON + LONG)
    with pytest.raises(Refused) as refused:
        services.recall(asked.public_id, right(patient) | answers, device="new", at=NOON + LONG)
    assert refused.value.code == "recall-wrong"
    assert trail()[-1] == "account.recall-fail"


def test_it_may_be_typed_as_people_type_it(wang):
    user, patient = wang
    check = recollection.question().check
    four, born = patient.id_number[-4:], patient.birth_date
    for typed in (f"{born:%Y-%m-%d}", f"{born:%Y.%m.%d}", f" {born:%Y%m%d} "):
        assert check(user, {"last_four": f" {four.lower()}", "born": typed})
    assert check(
        user,
        {
            "last_four": four.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            "born": f"{born:%Y%m%d}",
        },
    )


def test_wrong_and_absent_sound_the_same(texts, wang):
    user, patient = wang
    wrong = right(patient) | {"last_four": "0000"}
    said = []
    for _ in range(2):
        asked = entered(texts, at=NOON + LONG, device="new")
        with pytest.raises(Refused) as refused:
            services.recall(asked.public_id, wrong, device="new", at=NOON + LONG)
        said.append((refused.value.code, refused.value.message, refused.value.facts))
        Link.objects.filter(account=user, relation="self").update(relation="other", is_proven=True)
        guesses.forget(guesses.CODE_EACH_MINUTE, PHONE, "sign-in")
    assert said[0] == said[1]
    assert not recollection.question().check(user, {"last_four": "", "born": ""})


def test_five_wrong_answers_in_a_day_are_all(texts, wang):
    _user, patient = wang
    asked, at = entered(texts, at=NOON + LONG), NOON + LONG
    wrong = right(patient) | {"last_four": "0000"}
    for _ in range(5):
        with pytest.raises(Refused):
            services.recall(asked.public_id, wrong, device="new", at=at)
    with pytest.raises(TooMany):
        services.recall(asked.public_id, right(patient), device="new", at=at)
    assert not Recall.objects.get().settled_at


def test_the_question_stands_for_this_browser_and_some_minutes(texts, wang):
    _user, patient = wang
    at = NOON + LONG
    asked = entered(texts, at=at)
    for device, when in (("another", at), ("new", at + PATIENCE)):
        for work in (
            lambda d, w: services.recall(asked.public_id, right(patient), device=d, at=w),
            lambda d, w: services.start_afresh(asked.public_id, device=d, at=w),
        ):
            with pytest.raises(Refused) as refused:
                work(device, when)
            assert refused.value.code == "recall-expired"
    just = at + PATIENCE - timedelta(seconds=1)
    assert services.recall(asked.public_id, right(patient), device="new", at=just)


def test_who_starts_afresh_gets_an_empty_account_and_the_old_one_keeps_its_record(
    texts, wang, trail
):
    user, patient = wang
    browser = sitting_of(user)
    at = NOON + LONG
    new = services.start_afresh(entered(texts, at=at).public_id, device="new", at=at)
    user.refresh_from_db()
    assert (new.phone, user.phone, user.phone_released_at) == (PHONE, None, at)
    assert not records.linked_to(new).exists()
    assert list(records.linked_to(user)) == [patient]
    former = FormerPhone.objects.get()
    assert (former.user, former.phone, former.why) == (user, PHONE, "released")
    assert not Sitting.objects.filter(user=user).exists()
    assert browser.get("/me/sittings/").status_code == 302
    assert trail()[-2:] == ["account.phone-release", "account.register"]
    released = trail("account.phone-release")[0]
    assert (released.subject, released.actor) == (f"accounts.user:{user.public_id}", None)


def test_the_old_patient_is_claimed_again_by_real_name_and_the_hospitals_phone(texts, wang):
    user, patient = wang
    at = NOON + LONG
    services.start_afresh(entered(texts, at=at).public_id, device="new", at=at)
    moved = services.register_patient("13911112222", at=at)  # herself, with her new number
    claim = {"name": patient.name, "id_number": patient.id_number, "relation": "self"}
    with pytest.raises(Refused) as refused:  # the hospital does not know that number of her yet
        patients.register(moved, at=at, **claim)
    assert refused.value.code == "cannot-link"
    person = patient.person
    person.phone = "13911112222"
    person.save()
    assert patients.register(moved, at=at, **claim) == patient
    assert list(records.linked_to(moved)) == [patient]
    assert not records.linked_to(user).exists()


def test_an_account_that_has_its_phone_is_not_robbed_that_way(wang):
    _user, patient = wang
    person = patient.person
    person.phone = "13911112222"
    person.save()
    other = services.register_patient("13911112222", at=NOON)
    with pytest.raises(NotAllowed) as refused:
        patients.register(
            other, name=patient.name, id_number=patient.id_number, relation="self", at=NOON
        )
    assert refused.value.code == "cannot-link"


@pytest.mark.django_db(transaction=True)
def test_remembering_and_starting_afresh_at_once_is_one_of_them(texts, wang):
    user, patient = wang
    at = NOON + LONG
    asked = entered(texts, at=at)
    outcomes = at_once(
        lambda: services.recall(asked.public_id, right(patient), device="new", at=at),
        lambda: services.start_afresh(asked.public_id, device="new", at=at),
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    user.refresh_from_db()
    assert (user.phone is None) is isinstance(outcomes[0], Refused)


def long_ago(user):
    ago = database_now() - LONG
    Device.objects.filter(user=user).update(seen_at=ago)
    User.objects.filter(pk=user.pk).update(joined_at=ago)


def test_the_way_by_pages(texts, wang):
    user, patient = wang
    long_ago(user)
    browser = Client()
    browser.post("/sign-in/", {"phone": PHONE})
    answer = browser.post("/sign-in/code/", {"code": texts[-1][1], "next": "/inbox/"})
    assert answer["Location"] == "/sign-in/recall/?next=/inbox/"
    assert browser.get("/inbox/").status_code == 302  # nobody is signed in yet
    page = browser.get(answer["Location"]).content.decode()
    assert patient.name not in page
    assert "后四位" in page
    wrong = browser.post("/sign-in/recall/", right(patient) | {"last_four": "0000"})
    assert wrong.status_code == 422
    opened = browser.post("/sign-in/recall/", right(patient) | {"next": "/inbox/"})
    assert (opened.status_code, opened["Location"]) == (302, "/inbox/")
    assert browser.get("/inbox/").status_code == 200
    long_ago(user)  # the browser is known from now on
    browser.post("/sign-out/")
    guesses.forget(guesses.CODE_EACH_MINUTE, PHONE, "sign-in")
    browser.post("/sign-in/", {"phone": PHONE})
    assert browser.post("/sign-in/code/", {"code": texts[-1][1]})["Location"] == "/"


def test_the_way_by_json_and_afresh_by_page(texts, wang):
    user, patient = wang
    long_ago(user)
    program = Client()

    def post(path, body):
        return program.post(f"/api/v1/{path}", body, content_type="application/json")

    asked = post("sign-in/code", {"phone": PHONE}).json()
    held = post("sign-in", {"code_id": asked["code_id"], "code": texts[-1][1]})
    assert held.status_code == 202
    assert held.json()["asks"] == ["last_four", "born"]
    assert not program.get("/api/v1/session").json()["signed_in"]
    given = {"recall": held.json()["recall"], "answers": right(patient) | {"born": "19000101"}}
    assert post("sign-in/recall", given).json()["code"] == "recall-wrong"
    afresh = post("sign-in/afresh", {"recall": held.json()["recall"]})
    assert afresh.status_code == 201
    assert afresh.json()["public_id"] != str(user.public_id)
    assert program.get("/api/v1/session").json()["signed_in"]
    for path in ("/sign-in/recall/", "/sign-in/afresh/"):
        assert Client().post(path)["Location"] == "/sign-in/"


def test_born_today_is_no_password(wang):
    """The registry alone says who is asked; a stranger's account answers nothing."""
    stranger = consulting.stranger()
    assert not recollection.question().is_asked(stranger)
    today = {"last_four": "0020", "born": f"{date(1958, 6, 17):%Y%m%d}"}
    assert not recollection.question().check(stranger, today)
