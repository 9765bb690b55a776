"""Who acts for whom: helpers, children of fourteen and eighteen, documents of every kind."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hospital.consultations import selectors as visits
from hospital.consultations import services as consultations
from hospital.his.models import Document
from hospital.his.reading.documents import keyed
from hospital.kernel.calendar import BEIJING, local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications import gateways as texting
from hospital.notifications.models import Notice
from patients import claims, selectors, services
from patients.models import Consent, Link, Patient
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
HERS = "13800006620"


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def texts(monkeypatch):
    """The codes as they were texted: (phone, digits)."""
    sent = []
    monkeypatch.setattr(
        texting, "send_sms", lambda to, **how: sent.append((to, how["params"]["code"]))
    )
    return sent


@pytest.fixture
def lina(now):
    """A daughter with an account of her own."""
    who = consulting.person("李娜", "13800006630", date(1985, 2, 3), at=now)
    user = consulting.account("13800006630", "李娜")
    consulting.known(user, who, at=now)
    return user


@pytest.fixture
def mother(now):
    """王秀兰, whom the hospital knows and who has no account."""
    return consulting.person("王秀兰", HERS, date(1958, 6, 17), ("I10", "原发性高血压", 40), at=now)


def helped(user, who, texts, at, *, phone=HERS):
    code = services.ask_code(user, phone=phone, at=at)
    return services.register_family(
        user,
        code=code.public_id,
        digits=texts[-1][1],
        name=who.name,
        id_number=who.id_number,
        relation="helper",
        at=at,
    )


def agreed(user, patient, texts, at):
    """By the code on the patient's own phone."""
    code = services.ask_consent_code(patient, by=user, at=at)
    return services.consent_by_code(
        patient,
        selectors.texts_needed(patient, on=local_date(at)),
        by=user,
        code=code.public_id,
        digits=texts[-1][1],
        at=at,
    )


# 代办 --------------------------------------------------------------------------------------------


def test_a_helper_acts_after_the_elder_said_yes_on_their_own_phone(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    link = selectors.link_of(lina, patient)
    assert texts[-1][0] == HERS
    assert (link.relation, link.is_guardian, link.until) == (
        "helper",
        False,
        now + timedelta(days=365),
    )
    services.answer(patient, "allergies", said={"allergies": []}, by=lina, at=now)
    agreed(lina, patient, texts, now)
    doctor = make.doctor(at=now)
    visit = consulting.opened(
        consulting.paid(consulting.ordered(lina, patient, doctor, at=now), at=now), at=now
    )
    consulting.said(visit, lina, "妈妈早上头晕", at=now)
    assert visits.visible_to(lina).filter(pk=visit.pk).exists()


def test_without_the_elders_code_nobody_helps(lina, mother, now):
    with pytest.raises(Refused) as refused:
        services.register(
            lina, name="王秀兰", id_number=mother.id_number, relation="helper", at=now
        )
    assert refused.value.code == "helper-needs-code"


def test_a_code_on_the_helpers_own_phone_is_no_yes(lina, texts, now):
    """The hospital has the daughter's number for the mother: that proves nothing of the mother."""
    who = consulting.person("王秀兰", "13800006630", date(1958, 6, 17), at=now)
    with pytest.raises(Refused) as refused:
        helped(lina, who, texts, now, phone="13800006630")
    assert refused.value.code == "helper-needs-code"


def test_somebody_elses_phone_proves_nothing_and_says_nothing(lina, mother, texts, now):
    told = []
    for number in (mother.id_number, consulting.id_number(date(1950, 1, 1))):
        code = services.ask_code(lina, phone=f"1390000888{len(told)}", at=now)
        with pytest.raises(NotAllowed) as refused:
            services.register_family(
                lina,
                code=code.public_id,
                digits=texts[-1][1],
                name="王秀兰",
                id_number=number,
                relation="helper",
                at=now,
            )
        told.append((refused.value.code, refused.value.message))
    assert told[0] == told[1]
    assert told[0][0] == "cannot-link"


def test_who_only_says_who_they_are_lets_nobody_in_to_help(lina, texts, now):
    """The hospital does not know the number: the phone is the account's, not the elder's."""
    number = consulting.id_number(date(1950, 1, 1))
    elder = consulting.account("13800006640", "钱老")
    services.register(elder, name="钱老", id_number=number, relation="self", at=now)
    code = services.ask_code(lina, phone="13800006640", at=now)
    who = {"name": "钱老", "id_number": number, "relation": "helper"}
    given = {"code": code.public_id, "digits": texts[-1][1]}
    with pytest.raises(NotAllowed) as refused:
        services.register_family(lina, **given, **who, at=now)
    assert refused.value.code == "cannot-link"


def test_an_elder_with_an_account_is_told_who_helps(lina, mother, texts, now):
    hers = consulting.account(HERS, "王秀兰")
    patient = consulting.known(hers, mother, at=now)
    assert helped(lina, mother, texts, now) == patient
    assert Notice.objects.filter(to=hers, kind="link.helper").count() == 1


def let_in_by_a_false_self(mother, helper, now):
    """Before the hospital knew 王秀兰, somebody else was registered as her and let a helper in."""
    number, mother.id_number = mother.id_number, consulting.id_number(mother.birth_date)
    mother.save()
    false = consulting.account("13900006666", "")
    patient = services.register(false, name="王秀兰", id_number=number, relation="self", at=now)
    year = {"since": now, "until": now + timedelta(days=365)}
    Link.objects.create(account=helper, patient=patient, relation="helper", is_proven=True, **year)
    service, sensitive = selectors.texts_needed(patient, on=local_date(now))
    services.consent(patient, service, by=false, at=now)
    Consent.objects.create(
        patient=patient, text=sensitive, by=helper, at=now, digest="0" * 64, how="code"
    )
    mother.id_number = number
    mother.save()
    return false, patient


def test_who_takes_over_finds_nobody_whom_a_false_self_let_in(lina, mother, now):
    false, patient = let_in_by_a_false_self(mother, lina, now)
    hers = consulting.account(HERS, "王秀兰")
    assert (
        services.register(hers, name="王秀兰", id_number=mother.id_number, relation="self", at=now)
        == patient
    )
    for gone in (false, lina):
        assert not selectors.visible_to(gone).filter(pk=patient.pk).exists()
    assert not Consent.objects.filter(patient=patient, withdrawn_at=None).exists()


def test_a_false_self_does_not_stay_when_family_brings_the_hospitals_record(
    lina, mother, texts, now
):
    false, patient = let_in_by_a_false_self(mother, consulting.stranger(), now)
    assert helped(lina, mother, texts, now) == patient
    patient.refresh_from_db()
    assert patient.person == mother
    assert not selectors.visible_to(false).filter(pk=patient.pk).exists()
    assert [link.account for link in selectors.others_acting_for(patient)] == [lina]


def test_who_closes_their_account_is_helped_no_longer(lina, mother, texts, now):
    hers = consulting.account(HERS, "王秀兰")
    patient = consulting.known(hers, mother, at=now)
    helped(lina, mother, texts, now)
    services.close_account(hers, at=now)
    patient.refresh_from_db()
    assert patient.restricted_at == now
    assert selectors.link_of(lina, patient) is None


def test_a_helper_who_closes_their_account_leaves_the_other_helper(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    other = consulting.account("13800006631", "李强")
    who = consulting.person("李强", "13800006631", date(1988, 2, 3), at=now)
    consulting.known(other, who, at=now)
    helped(other, mother, texts, now + timedelta(minutes=2))
    services.close_account(lina, at=now)
    patient.refresh_from_db()
    assert patient.restricted_at is None
    assert selectors.link_of(other, patient).relation == "helper"


def test_a_helper_decides_nothing_in_the_elders_stead(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    doctor = make.doctor(at=now)
    needed = selectors.texts_needed(patient, on=local_date(now))
    for forbidden in (
        lambda: services.consent(patient, needed[0], by=lina, at=now),
        lambda: services.share(patient, doctor=doctor.user.public_id, days=1, by=lina, at=now),
        lambda: services.ask_export(patient, by=lina, at=now),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    (given, *_rest) = agreed(lina, patient, texts, now)
    assert (given.how, given.by) == ("code", lina)
    with pytest.raises(NotAllowed):
        services.withdraw(given, by=lina, at=now)
    assert list(selectors.nearest_to(patient)) == []


HERS_ALONE = ("reads/", "reads/?who=family", "sharing/", "sharing/new/")


@pytest.mark.django_db(databases=["default", "trail"])
def test_a_helper_sees_nothing_of_who_reads_and_asks_for_no_correction(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    hers = consulting.account(HERS, "王秀兰")
    consulting.known(hers, mother, at=now)
    services.ask_correction(patient, what="身高不对", by=hers, at=now)
    affairs = make.medical_affairs()
    services.place_hold(patient, stream=None, reason="纠纷", by=affairs, at=now)
    for user, status, rows in ((lina, 404, 0), (hers, 200, 1)):
        browser = make.sitting_of(user)
        for page in HERS_ALONE:
            answer = browser.get(f"/me/patients/{patient.public_id}/{page}")
            assert answer.status_code == status, (user.name, page)
        for page in ("reads", "shares"):
            answer = browser.get(f"/api/v1/patients/{patient.public_id}/{page}")
            assert answer.status_code == status, (user.name, page)
        assert selectors.corrections_of(user).count() == rows
        assert selectors.holds_of(user).count() == rows
        record = browser.get(f"/me/patients/{patient.public_id}/").content.decode()
        assert ("谁看过这份病历" in record) == (status == 200)
    with pytest.raises(NotAllowed):
        services.ask_correction(patient, what="身高不对", by=lina, at=now)


def test_who_helps_no_longer_is_oneself_on_the_pages_without_a_name(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    browser = make.sitting_of(lina)
    browser.post("/me/acting/", {"patient": str(patient.public_id)})
    assert browser.get("/me/bills/").context["patient"] == patient
    services.end_link(selectors.link_of(lina, patient), by=lina, at=now)
    for page in ("/me/bills/", "/reports/"):
        assert browser.get(page).context["patient"].name == "李娜"
        assert browser.get(f"{page}?patient={patient.public_id}").context["patient"] is None


def test_the_code_of_consent_goes_to_the_patient_and_to_nobody_else(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    services.ask_consent_code(patient, by=lina, at=now)
    assert texts[-1][0] == HERS
    mine = services.ask_code(lina, phone="13800006631", at=now)
    with pytest.raises(Refused):  # a code of another purpose is none
        services.consent_by_code(
            patient,
            selectors.texts_needed(patient, on=local_date(now)),
            by=lina,
            code=mine.public_id,
            digits=texts[-1][1],
            at=now,
        )
    assert not Consent.objects.filter(patient=patient).exists()


def test_a_stranger_carries_no_consent(mother, texts, lina, now):
    patient = helped(lina, mother, texts, now)
    with pytest.raises(NotAllowed):
        services.ask_consent_code(patient, by=consulting.stranger(), at=now)


def test_the_elder_stops_the_help_and_it_is_over_at_once(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    hers = consulting.account(HERS, "王秀兰")
    services.register(hers, name="王秀兰", id_number=mother.id_number, relation="self", at=now)
    (link,) = selectors.others_acting_for(patient)
    with pytest.raises(NotAllowed):
        services.end_link(link, by=consulting.stranger(), at=now)
    services.end_link(link, by=hers, at=now)
    assert not selectors.visible_to(lina).filter(pk=patient.pk).exists()
    with pytest.raises(NotAllowed):
        services.answer(patient, "allergies", said={"allergies": []}, by=lina, at=now)


def test_help_is_over_after_a_year_also_before_the_job_has_run(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    link = Link.objects.get(account=lina, patient=patient)
    Link.objects.filter(pk=link.pk).update(
        since=now - timedelta(days=366), until=now - timedelta(seconds=1)
    )
    assert selectors.link_of(lina, patient) is None
    assert not selectors.visible_to(lina).filter(pk=patient.pk).exists()
    assert services.sweep_links(at=now) == 1
    assert services.sweep_links(at=now) == 0
    link.refresh_from_db()
    assert link.ended_at == now
    assert Notice.objects.filter(to=lina, kind="link.over").count() == 1
    assert helped(lina, mother, texts, now + timedelta(minutes=2)) == patient


def test_asking_again_renews_the_help(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    later = now + timedelta(minutes=5)
    assert helped(lina, mother, texts, later) == patient
    link = selectors.link_of(lina, patient)
    assert link.until == later + timedelta(days=365)
    assert Link.objects.filter(account=lina, patient=patient).count() == 1


def test_the_database_knows_no_help_without_an_end(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    for change in ({"until": None}, {"is_proven": False}, {"is_guardian": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Link.objects.filter(account=lina, patient=patient).update(**change)


# fourteen and eighteen ---------------------------------------------------------------------------


def minor(now, years, *, days=0):
    """A child that turns `years` in `days` days, and the guardian's account."""
    today = local_date(now)
    birth = today.replace(year=today.year - years) + timedelta(days=days)
    father = consulting.person("郭立", "13800006625", date(1980, 9, 12), at=now)
    user = consulting.account("13800006625", "郭立")
    consulting.known(user, father, at=now)
    who = consulting.person(
        "郭小满", "13800006625", birth, guardian=("郭立", "13800006625"), at=now
    )
    child = services.register(
        user, name="郭小满", id_number=who.id_number, relation="child", at=now
    )
    return user, child


def kinds(child, on):
    return {text.kind for text in selectors.texts_needed(child, on=on)}


def test_from_fourteen_on_the_child_agrees_beside_the_guardian(now):
    user, child = minor(now, 14, days=1)
    today = local_date(now)
    assert kinds(child, today) == {"service", "sensitive", "guardian"}
    for text in selectors.texts_needed(child, on=today):
        services.consent(child, text, by=user, at=now)
    assert selectors.consents_current(child, on=today)
    tomorrow = today + timedelta(days=1)
    assert kinds(child, tomorrow) == {"own"}
    (own,) = selectors.texts_needed(child, on=tomorrow)
    later = now + timedelta(days=1)
    assert services.consent(child, own, by=user, at=later).how == "beside"
    assert selectors.consents_current(child, on=tomorrow)


def test_a_child_of_fifteen_agrees_with_their_own_account_and_to_no_more(now):
    user, child = minor(now, 15)
    own = consulting.account("13800006699", "郭小满")
    Link.objects.create(account=own, patient=child, relation="self", is_proven=True, since=now)
    newest = selectors.newest_texts()
    given = services.consent(child, newest.get(kind="own"), by=own, at=now)
    assert given.how == "account"
    for kind in ("service", "guardian"):
        with pytest.raises(NotAllowed):
            services.consent(child, newest.get(kind=kind), by=own, at=now)
    with pytest.raises(NotAllowed):
        services.ask_consent_code(child, by=user, at=now)


def test_at_eighteen_the_guardian_is_none_from_the_first_moment_on(now, trail):
    user, child = minor(now, 17)
    link = selectors.link_of(user, child)
    assert link.until == claims.of_age(child.birth_date)
    for text in selectors.texts_needed(child, on=local_date(now)):
        services.consent(child, text, by=user, at=now)
    birthday = now - timedelta(seconds=1)
    Link.objects.filter(pk=link.pk).update(since=now - timedelta(days=9), until=birthday)
    assert selectors.link_of(user, child) is None
    assert not selectors.visible_to(user).filter(pk=child.pk).exists()
    assert not selectors.is_own(user, child)
    assert services.sweep_links(at=now) == 1
    assert not Consent.objects.filter(patient=child, withdrawn_at=None).exists()
    assert trail().count("patient.link-end") == 1
    assert Notice.objects.get(to=user, kind="link.over").names["patient"] == "郭小满"


def test_the_day_before_nothing_ends(now):
    user, child = minor(now, 18, days=1)
    assert services.sweep_links(at=now) == 0
    assert selectors.link_of(user, child).is_guardian


def test_who_is_of_age_takes_over_with_the_same_record(now):
    user, child = minor(now, 17)
    Link.objects.filter(patient=child).update(
        since=now - timedelta(days=9), until=now - timedelta(seconds=1)
    )
    child.person.phone = "13800006698"  # the hospital was told the person's own
    child.person.save()
    own = consulting.account("13800006698", "郭小满")
    number = child.id_number
    taken = services.register(own, name="郭小满", id_number=number, relation="self", at=now)
    assert taken == child
    assert not Link.objects.filter(account=user, patient=child, ended_at=None).exists()


def of_age_now(child, now):
    """Eighteen since yesterday."""
    today = local_date(now)
    yesterday = today - timedelta(days=1)
    child.birth_date = yesterday.replace(year=yesterday.year - 18)
    child.save()
    child.person.birth_date = child.birth_date
    child.person.save()
    Link.objects.filter(patient=child).update(
        since=now - timedelta(days=365), until=now - timedelta(hours=1)
    )


def grown_up_as_somebody_elses_other(guardian, child, at, phone=None, digits=""):
    passport = {
        "name": child.name,
        "id_kind": "passport",
        "id_number": "E12345678",
        "birth_date": child.birth_date,
        "sex": child.sex,
        "relation": "other",
    }
    if phone is None:
        return services.register(guardian, **passport, at=at)
    code = services.ask_code(guardian, phone=phone, at=at)
    return services.register_family(
        guardian, code=code.public_id, digits=digits(), **passport, at=at
    )


def test_a_grown_child_is_added_again_only_with_a_code_on_their_own_phone(texts, now):
    guardian, child = minor(now, 17)
    shown(child.person, "passport", "E12345678")
    of_age_now(child, now)
    for phone in (None, guardian.phone):  # the hospital still has the guardian's for them
        with pytest.raises(NotAllowed) as refused:
            grown_up_as_somebody_elses_other(
                guardian, child, now, phone, digits=lambda: texts[-1][1]
            )
        assert refused.value.code == "cannot-link"
    child.person.phone = "13800006698"
    child.person.save()
    assert child == grown_up_as_somebody_elses_other(
        guardian, child, now, "13800006698", digits=lambda: texts[-1][1]
    )


def test_an_elder_for_whom_the_hospital_has_the_familys_phone_needs_no_other(lina, now):
    elder = consulting.person("李老", lina.phone, date(1950, 2, 3), at=now)
    who = {"name": "李老", "id_number": elder.id_number}
    assert services.register(lina, **who, relation="parent", at=now).person == elder


@pytest.mark.parametrize(("years", "may"), [(13, False), (14, True), (17, True), (18, False)])
def test_a_childs_own_word_is_given_from_fourteen_until_of_age(now, years, may):
    user, child = minor(now, min(years, 17))
    own = selectors.newest_texts().get(kind="own")
    if years == 18:
        of_age_now(child, now)
        user = consulting.account("13800006699", "郭小满")
        Link.objects.create(account=user, patient=child, relation="self", since=now)
    page = make.sitting_of(user).get("/me/consents/")
    shown_kinds = {
        each["purpose"].kind
        for row in page.context["rows"]
        if row["patient"] == child
        for each in row["purposes"]
    }
    assert ("own" in shown_kinds) == may
    if may:
        services.consent(child, own, by=user, at=now)
        assert "own" not in kinds(child, local_date(now))
    else:
        with pytest.raises(NotAllowed):
            services.consent(child, own, by=user, at=now)


def test_a_word_given_before_fourteen_is_asked_again(now):
    user, child = minor(now, 14)
    own = selectors.newest_texts().get(kind="own")
    early = now - timedelta(days=2)
    Consent.objects.create(patient=child, text=own, by=user, at=early, digest="0" * 64)
    assert "own" in kinds(child, local_date(now))
    services.consent(child, own, by=user, at=now)
    assert "own" not in kinds(child, local_date(now))


def test_of_age_nothing_stands_that_a_guardian_agreed_to_whose_link_ended_before(now):
    user, child = minor(now, 17)
    newest = selectors.newest_texts()
    for kind in ("service", "sensitive", "courier"):
        services.consent(child, newest.get(kind=kind), by=user, at=now - timedelta(days=2))
    services.end_link(selectors.link_of(user, child), by=user, at=now)
    assert kinds(child, local_date(now)) == set()
    of_age_now(child, now)
    assert kinds(child, local_date(now)) == {"service", "sensitive"}
    assert not selectors.has_consent(child, "courier")
    own = consulting.account("13800006699", "郭小满")
    Link.objects.create(account=own, patient=child, relation="self", since=now)
    for text in selectors.texts_needed(child, on=local_date(now)):
        services.consent(child, text, by=own, at=now)
    assert selectors.consents_current(child, on=local_date(now))


def test_what_a_child_agreed_to_by_their_own_account_stands_on(now):
    _user, child = minor(now, 17)
    own = consulting.account("13800006699", "郭小满")
    Link.objects.create(account=own, patient=child, relation="self", since=now)
    service = selectors.newest_texts().get(kind="service")
    early = now - timedelta(days=2)
    Consent.objects.create(patient=child, text=service, by=own, at=early, digest="0" * 64)
    of_age_now(child, now)
    Link.objects.filter(account=own).update(until=None, since=now)
    assert kinds(child, local_date(now)) == {"sensitive"}


@pytest.mark.parametrize(
    ("birth", "moment"),
    [
        (date(2008, 3, 10), datetime(2026, 3, 10, tzinfo=BEIJING)),
        (date(2008, 2, 29), datetime(2026, 3, 1, tzinfo=BEIJING)),
    ],
)
def test_of_age_is_the_first_moment_of_the_day_in_beijing(birth, moment):
    assert claims.of_age(birth) == moment


# documents ---------------------------------------------------------------------------------------


def test_a_passport_and_a_pass_of_the_same_places_are_two_people(now):
    born = {"birth_date": date(1980, 1, 2), "sex": "male", "id_number": "H12345678"}
    one = services.register(
        consulting.account("13800006651", ""), name="陈大文", relation="self", at=now,
        id_kind="hk-macao", **born,
    )  # fmt: skip
    other = services.register(
        consulting.account("13800006652", ""), name="John Smith", relation="self", at=now,
        id_kind="passport", **born,
    )  # fmt: skip
    assert one != other
    assert {one.id_kind, other.id_kind} == {"hk-macao", "passport"}
    assert (one.birth_date, one.sex) == (date(1980, 1, 2), "male")


def test_the_same_pass_renewed_is_the_same_patient(now):
    user = consulting.account("13800006651", "")
    born = {"birth_date": date(1980, 1, 2), "sex": "male", "id_kind": "hk-macao"}
    who = {"name": "陈大文", "relation": "self"} | born
    first = services.register(user, id_number="H12345678", at=now, **who)
    again = services.register(user, id_number="h1234567803", at=now, **who)
    assert first == again
    assert Patient.objects.filter(id_kind="hk-macao").count() == 1


def test_a_child_cannot_claim_to_be_grown_up_with_a_passport(now):
    born = {"birth_date": date(2015, 1, 2), "sex": "male", "id_kind": "passport"}
    with pytest.raises(Refused) as refused:
        services.register(
            consulting.account("13800006651", ""), name="陈小文", id_number="E12345678",
            relation="self", at=now, **born,
        )  # fmt: skip
    assert refused.value.code == "guardian-needed"


def shown(who, kind, number):
    """This document too is one by which the hospital knows them."""
    return Document.objects.create(person=who, number=keyed(kind, number))


def with_pass(who, *, birth=None, sex="female"):
    return {
        "name": who.name,
        "id_kind": "hk-macao",
        "id_number": "H87654321",
        "birth_date": birth or who.birth_date,
        "sex": sex,
    }


def test_a_husband_typed_as_a_child_makes_no_guardian_of_his_wife(lina, now):
    husband = consulting.person(
        "陈大文", "13800006655", date(1985, 5, 5), guardian=("李娜", lina.phone), at=now
    )
    shown(husband, "hk-macao", "H87654321")
    with pytest.raises(NotAllowed) as refused:
        services.register(
            lina, **with_pass(husband, birth=date(2018, 5, 5)), relation="child", at=now
        )
    assert refused.value.code == "cannot-link"
    assert not Patient.objects.filter(id_kind="hk-macao").exists()


@pytest.mark.parametrize(
    ("wrong", "passes"),
    [({}, True), ({"birth": date(2016, 3, 5)}, False), ({"sex": "male"}, False)],
)
def test_of_a_child_with_a_pass_birth_date_and_sex_are_what_the_hospital_knows(
    lina, now, wrong, passes
):
    child = consulting.person(
        "陈小文", lina.phone, date(2015, 3, 5), guardian=("李娜", lina.phone), at=now
    )
    shown(child, "hk-macao", "H87654321")
    who = with_pass(child, **wrong)
    if passes:
        made = services.register(lina, **who, relation="child", at=now)
        assert selectors.link_of(lina, made).until == claims.of_age(date(2015, 3, 5))
    else:
        with pytest.raises(NotAllowed) as refused:
            services.register(lina, **who, relation="child", at=now)
        assert refused.value.code == "cannot-link"


def test_a_patient_is_not_born_again_on_another_day(now):
    user = consulting.account("13800006651", "")
    who = {"name": "陈大文", "relation": "self", "id_kind": "hk-macao", "id_number": "H12345678"}
    born = {"birth_date": date(1980, 1, 2), "sex": "male"}
    first = services.register(user, **who, **born, at=now)
    assert services.register(user, **who, **born, at=now) == first
    for wrong in ({"birth_date": date(1981, 1, 2)}, {"sex": "female"}):
        with pytest.raises(NotAllowed) as refused:
            services.register(user, **who, **born | wrong, at=now)
        assert refused.value.code == "cannot-link"


def joined_later(now, *, born, typed):
    """Registered with a pass, before the hospital's record of it came."""
    user = consulting.account("13800006651", "")
    who = consulting.person("陈小文", "13800006651", born, at=now)
    told = with_pass(who, birth=typed, sex="male")
    patient = services.register(user, **told, relation="self", at=now)
    shown(who, "hk-macao", "H87654321")
    services.refresh(patient, at=now)
    patient.refresh_from_db()
    assert (patient.birth_date, patient.sex, patient.person) == (born, "female", who)
    return user, patient


def test_whom_the_hospital_comes_to_know_is_born_as_it_says(now):
    user, patient = joined_later(now, born=date(1985, 5, 5), typed=date(1985, 5, 6))
    assert selectors.link_of(user, patient).is_proven


def test_a_child_who_typed_to_be_grown_up_is_no_account_holder_once_known(now, trail):
    user, patient = joined_later(now, born=date(2015, 5, 5), typed=date(1985, 5, 5))
    assert selectors.link_of(user, patient) is None
    assert trail("patient.link-end")[0].facts["why"] == "guardian-needed"


def test_two_documents_of_one_person_are_one_patient(now):
    who = consulting.person("陈大文", "13800006651", date(1985, 5, 5), at=now)
    shown(who, "hk-macao", "H87654321")
    user = consulting.account("13800006651", "")
    by_card = services.register(
        user, name="陈大文", id_number=who.id_number, relation="self", at=now
    )
    assert services.register(user, **with_pass(who), relation="self", at=now) == by_card
    assert Patient.objects.filter(person=who).count() == 1


def test_a_document_that_is_found_to_be_a_known_patients_is_left_alone(now):
    """Registered by a pass first; then the hospital tells that it is the holder of the card."""
    who = consulting.person("陈大文", "13800006651", date(1985, 5, 5), at=now)
    user, other = (consulting.account(phone, "") for phone in ("13800006651", "13800006652"))
    by_pass = services.register(user, **with_pass(who), relation="self", at=now)
    who.phone = other.phone
    who.save()
    services.register(other, name="陈大文", id_number=who.id_number, relation="self", at=now)
    shown(who, "hk-macao", "H87654321")
    who.phone = user.phone
    who.save()
    services.refresh(by_pass, at=now)
    by_pass.refresh_from_db()
    assert by_pass.person is None


def test_one_account_does_not_hold_two_links_to_one_person(lina, mother, texts, now):
    helped(lina, mother, texts, now)
    code = services.ask_code(lina, phone=HERS, at=now + timedelta(minutes=2))
    with pytest.raises(WrongState) as refused:
        services.register_family(
            lina, code=code.public_id, digits=texts[-1][1], name="王秀兰",
            id_number=mother.id_number, relation="parent", at=now + timedelta(minutes=2),
        )  # fmt: skip
    assert refused.value.code == "linked-already"


def test_a_visit_is_closed_to_a_helper_who_left(lina, mother, texts, now):
    patient = helped(lina, mother, texts, now)
    services.answer(patient, "allergies", said={"allergies": []}, by=lina, at=now)
    agreed(lina, patient, texts, now)
    visit = consulting.paid(consulting.ordered(lina, patient, make.doctor(at=now), at=now), at=now)
    held = visits.places_held([lina], [visit.public_id])
    assert held == {(lina.pk, visit.public_id)}
    services.end_link(selectors.link_of(lina, patient), by=lina, at=now)
    assert visits.places_held([lina], [visit.public_id]) == set()
    with pytest.raises(NotAllowed):
        consultations.cancel(visit, by=lina, at=now)


def test_a_visit_is_closed_to_a_helper_whose_year_is_over(lina, mother, texts, now):
    """The same question that open sockets are judged by; no job has run."""
    patient = helped(lina, mother, texts, now)
    services.answer(patient, "allergies", said={"allergies": []}, by=lina, at=now)
    agreed(lina, patient, texts, now)
    visit = consulting.paid(consulting.ordered(lina, patient, make.doctor(at=now), at=now), at=now)
    assert visits.places_held([lina], [visit.public_id])
    Link.objects.filter(account=lina, patient=patient).update(
        since=now - timedelta(days=366), until=now - timedelta(seconds=1)
    )
    assert visits.places_held([lina], [visit.public_id]) == set()
