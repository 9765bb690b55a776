"""Registering, linking, agreeing, telling: services against the database and the simulated HIS."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.his.models import Diagnosis, Medicine, Observation, Person, Report, Visit
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.identity import check_letter
from hospital.kernel.refusals import NotAllowed, Refused, TooMany, Unavailable, WrongState
from hospital.notifications import gateways as texting
from patients import claims, gateways, readers, selectors, services
from patients.models import Allergy, Consent, ConsentText, Link, Patient
from tests.his import CHILD, GUARDIAN, WANG, ZHAO, his, running_world  # noqa: F401 - fixtures
from tests.make import staff

pytestmark = pytest.mark.django_db
UNKNOWN = "110108199507150020"


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(his, now):
    """王秀兰, registered by herself."""
    user = account("13800006620")
    services.register(user, name="王秀兰", id_number=WANG, relation="self", at=now)
    return user


@pytest.fixture
def guo(his, now):
    """郭立, whom the hospital names as the father of 郭小满."""
    user = account("13800006625")
    services.register(user, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    return user


def account(phone):
    return User.objects.create(phone=phone, roles=[Role.PATIENT], password="!")


def own(user):
    return selectors.linked_to(user).get(links__relation="self")


def child_of(user, at, name="郭小满", number=CHILD):
    return services.register(user, name=name, id_number=number, relation="child", at=at)


def test_who_the_hospital_knows_by_this_phone_is_made_known_with_their_past(wang, trail):
    patient = own(wang)
    assert (patient.name, patient.sex, patient.birth_date) == (
        "王秀兰",
        "female",
        date(1958, 6, 17),
    )
    assert patient.person.name == "王秀兰"
    assert patient.real_name_at is not None
    assert wang.name == "王秀兰"
    assert trail() == ["patient.register"]


def test_the_same_person_again_is_the_same_patient(wang, now, trail):
    full_width = "１１０１０８ １９５８０６１７００２０"
    again = services.register(wang, name=" 王秀兰 ", id_number=full_width, relation="self", at=now)
    assert again == own(wang)
    assert (Patient.objects.count(), Link.objects.count()) == (1, 1)
    assert trail() == ["patient.register"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110108195806170021", "id-number-checksum"),
        ("11010819580617002", "id-number-malformed"),
        ("110108195802300027", "id-number-birth-date"),
        ("110108299001010018", "id-number-birth-date"),
        ("11010819580617002A", "id-number-malformed"),
        ("二一〇一〇八一九五八〇六一七〇", "id-number-malformed"),
    ],
)
def test_a_number_that_cannot_be_is_refused_before_anybody_is_asked(his, now, number, code):
    with pytest.raises(Refused) as refused:
        services.register(
            account("13800006620"), name="王秀兰", id_number=number, relation="self", at=now
        )
    assert refused.value.code == code
    assert not his.asked()


@pytest.mark.parametrize("name", ["𠮷田", "阿卜杜拉·买买提", "阿卜杜拉•买买提", "O'Neil-Wang"])
def test_rare_characters_are_welcome_in_names(his, now, name):
    made = his.somebody(name=name.replace("•", "·"), phone="13711112222", birth_date="1980-01-02")
    patient = services.register(
        account("13711112222"), name=name, id_number=made["id_number"], relation="self", at=now
    )
    assert patient.name == name.replace("•", "·")
    assert patient.person.name == patient.name


@pytest.mark.parametrize("name", ["", "王\u202e秀兰", "王\u200b秀兰", "王秀兰1", "王" * 51])
def test_what_is_no_name_is_refused(his, now, name):
    with pytest.raises(Refused) as refused:
        services.register(
            account("13800006620"), name=name, id_number=WANG, relation="self", at=now
        )
    assert refused.value.code == "name-malformed"


def test_somebody_whom_the_hospital_does_not_know_is_known_by_the_number_alone(his, now):
    number = number_of("1995-07-15")
    patient = services.register(
        account("13911110000"), name="钱新", id_number=number, relation="self", at=now
    )
    assert patient.person is None
    assert patient.real_name_at is None, "nobody has said that name and number agree"
    assert not Link.objects.get().is_proven
    assert selectors.evidence(patient, now) == []
    assert selectors.egfr(patient) is None


@pytest.mark.parametrize(("phone", "name"), [("13999999999", "王秀兰"), ("13800006620", "王秀芳")])
def test_nobody_becomes_somebody_whom_the_hospital_knows_otherwise(his, now, phone, name):
    with pytest.raises(NotAllowed) as refused:
        services.register(account(phone), name=name, id_number=WANG, relation="self", at=now)
    assert refused.value.code == "cannot-link"
    assert not Patient.objects.exists()


def test_one_account_is_one_person(wang, now):
    wang.phone = "13800006621"
    wang.save()
    with pytest.raises(WrongState) as refused:
        services.register(wang, name="赵建民", id_number=ZHAO, relation="self", at=now)
    assert refused.value.code == "self-already"


def test_a_guardian_adds_the_child_and_is_known_as_one(guo, now):
    child = child_of(guo, now)
    link = selectors.link_of(guo, child)
    assert (link.is_guardian, link.relation, child.name) == (True, "child", "郭小满")
    assert [p.name for p in selectors.linked_to(guo)] == ["郭立", "郭小满"]


def test_a_stranger_cannot_tell_whether_a_child_exists(wang, guo, now):
    child_of(guo, now)
    other = number_of("2021-05-21")
    told = []
    for name, number in [("郭小满", CHILD), ("郭小满", other), ("郭大满", CHILD)]:
        with pytest.raises(NotAllowed) as refused:
            child_of(wang, now, name=name, number=number)
        told.append((refused.value.code, refused.value.message, refused.value.facts))
    assert told == [told[0]] * 3
    assert told[0][0] == "cannot-link"
    assert selectors.linked_to(wang).count() == 1


def test_the_same_phone_does_not_make_a_guardian_of_another_name(his, now):
    made = his.somebody(
        name="周小宝",
        birth_date="2018-03-03",
        phone="13700001234",
        guardian={"name": "周立", "phone": "13700001234", "relationship": "父亲"},
    )
    user = account("13700001234")
    services.register(
        user, name="赵无名", id_number=number_of("1985-02-03"), relation="self", at=now
    )
    with pytest.raises(NotAllowed):
        child_of(user, now, name="周小宝", number=made["id_number"])


def test_family_comes_after_oneself(his, now):
    with pytest.raises(Refused) as refused:
        child_of(account("13800006625"), now)
    assert refused.value.code == "self-first"


@pytest.mark.parametrize(
    ("relation", "birth", "code"),
    [
        ("self", "2015-01-01", "guardian-needed"),
        ("child", "1990-01-01", "relation-age"),
        ("parent", "2015-01-01", "relation-age"),
        ("friend", "1990-01-01", "relation-unknown"),
    ],
)
def test_relation_and_age_must_fit(wang, now, relation, birth, code):
    with pytest.raises(Refused) as refused:
        services.register(wang, name="王某", id_number=number_of(birth), relation=relation, at=now)
    assert refused.value.code == code


def test_a_parent_is_added_with_a_code_from_the_parents_phone(guo, now, monkeypatch):
    texts = []
    monkeypatch.setattr(
        texting, "send_sms", lambda to, **how: texts.append((to, how["params"]["code"]))
    )
    code = services.ask_code(guo, phone="138 0000 6620", at=now)
    mother = services.register_family(
        guo,
        code=code.public_id,
        digits=texts[0][1],
        name="王秀兰",
        id_number=WANG,
        relation="parent",
        at=now,
    )
    assert texts[0][0] == "13800006620"
    assert selectors.link_of(guo, mother).relation == "parent"
    assert not selectors.link_of(guo, mother).is_guardian


def test_without_that_phone_a_parent_cannot_be_added(guo, wang, now):
    with pytest.raises(NotAllowed) as refused:
        services.register(guo, name="王秀兰", id_number=WANG, relation="parent", at=now)
    assert refused.value.code == "cannot-link"


def test_who_only_claimed_to_be_somebody_makes_way_for_them(his, now, trail):
    squatter = account("13922220000")
    his.is_silent()
    claimed = services.register(squatter, name="王秀兰", id_number=WANG, relation="self", at=now)
    assert claimed.person is None
    his.answers()
    services.refresh(claimed, at=now)
    claimed.refresh_from_db()
    assert claimed.person is None, "the hospital has another phone: it says nothing to this account"
    real = account("13800006620")
    patient = services.register(real, name="王秀兰", id_number=WANG, relation="self", at=now)
    assert patient == claimed
    assert patient.person is not None
    assert not selectors.visible_to(squatter).exists()
    assert trail().count("patient.link-end") == 1


def test_who_was_here_before_the_hospital_knew_them_is_joined_later(his, now):
    his.is_silent()
    user = account("13800006620")
    patient = services.register(user, name="王秀兰", id_number=WANG, relation="self", at=now)
    assert patient.person is None
    his.answers()
    assert patient.real_name_at is None
    later = now + timedelta(minutes=5)
    services.refresh(patient, at=later)
    patient.refresh_from_db()
    assert (patient.person.name, patient.real_name_at) == ("王秀兰", later)
    assert selectors.link_of(user, patient).is_proven


def test_a_silent_hospital_stops_nobody_and_the_mirror_answers(wang, his, now):
    his.is_silent()
    assert services.refresh(own(wang), at=now) is False
    assert len(selectors.evidence(own(wang), now)) == 4


def test_the_hospital_is_not_asked_about_one_person_again_and_again(wang, his, now):
    hers = own(wang)
    his.is_silent()
    assert services.refresh(hers, at=now) is False
    his.answers()
    asked = len(his.asked())
    for seconds in (0, 1, 29):
        with pytest.raises(TooMany) as refused:
            services.refresh(hers, at=now + timedelta(seconds=seconds))
        assert refused.value.code == "just-refreshed"
        assert 0 < refused.value.facts["retry_after"] <= 31 - seconds
    assert len(his.asked()) == asked
    assert services.refresh(hers, at=now + timedelta(seconds=31)) is True
    assert len(his.asked()) > asked


def test_guessing_at_numbers_is_slow(wang, now):
    for _turn in range(9):
        with pytest.raises(NotAllowed):
            child_of(wang, now)
    with pytest.raises(TooMany):
        child_of(wang, now)


@pytest.fixture
def service(monkeypatch):
    """The verification service: says `verdict`, or raises it."""

    class Says:
        verdict = None

        def agree(self, name, document):
            self.asked = (name, document.kind, document.number)
            if isinstance(self.verdict, Exception):
                raise self.verdict
            return self.verdict

    says = Says()
    monkeypatch.setattr(gateways, "real_name", lambda: says)
    return says


def test_a_verification_service_has_the_last_word(his, now, service):
    service.verdict = False
    with pytest.raises(NotAllowed) as refused:
        services.register(
            account("13800006620"), name="王秀兰", id_number=WANG, relation="self", at=now
        )
    assert refused.value.code == "real-name-differs"


def test_whom_the_hospital_does_not_know_the_service_may_confirm(his, now, service):
    service.verdict = True
    patient = newcomer(now)
    assert patient.person is None
    assert patient.real_name_at == now
    assert not Link.objects.get().is_proven, "that it is this account's owner, nobody has said"


def test_a_silent_service_stops_nobody_and_confirms_nobody(his, now, service):
    service.verdict = Unavailable("…", partner="…")
    assert newcomer(now).real_name_at is None


def test_the_service_is_asked_again_when_the_record_is_brought_up_to_date(his, now, service, trail):
    patient = newcomer(now)
    later = now + timedelta(minutes=5)
    for minute, verdict in enumerate((None, False, Unavailable("…", partner="…")), 1):
        service.verdict = verdict
        services.refresh(patient, at=now + timedelta(minutes=minute))
        patient.refresh_from_db()
        assert patient.real_name_at is None
    service.verdict = True
    services.refresh(patient, at=later)
    patient.refresh_from_db()
    assert patient.real_name_at == later
    assert trail() == ["patient.register", "patient.register"]


def test_a_slip_in_an_unconfirmed_name_is_put_right_by_a_confirmed_one(his, now, service):
    user = account("13911110000")
    first = newcomer(now, user, name="钱新新")
    assert newcomer(now, user) == first
    first.refresh_from_db()
    assert first.name == "钱新新", "one claim is not better than the other"
    service.verdict = True
    newcomer(now, user)
    first.refresh_from_db()
    assert (first.name, first.real_name_at) == ("钱新", now)


def test_a_confirmed_name_gives_no_stranger_the_patient_of_another_account(his, now, service):
    first = newcomer(now, name="钱新新")
    service.verdict = True
    with pytest.raises(NotAllowed) as refused:
        newcomer(now, account("13911110001"))
    assert refused.value.code == "cannot-link"
    first.refresh_from_db()
    assert (first.name, first.real_name_at) == ("钱新新", None)


@pytest.mark.parametrize("relation", ["child", "parent", "spouse", "other", "helper"])
@pytest.mark.parametrize("verdict", [True, False, None])
def test_the_services_word_on_somebody_else_is_no_hint(his, wang, now, service, relation, verdict):
    service.verdict = verdict
    number = number_of("2019-01-01" if relation == "child" else "1960-01-01")
    with pytest.raises(NotAllowed) as refused:
        services.register(
            wang,
            name="钱新",
            id_number=number,
            relation=relation,
            phone="13911110000" if relation == "helper" else None,
            at=now,
        )
    told = (refused.value.code, refused.value.message, refused.value.facts)
    expected = claims.cannot_link()
    assert told == (expected.code, expected.message, expected.facts)
    assert service.asked == ("钱新", "id-card", number)


def newcomer(at, user=None, name="钱新"):
    """Somebody whom the hospital has never seen."""
    who, number = user or account("13911110000"), number_of("1995-07-15")
    return services.register(who, name=name, id_number=number, relation="self", at=at)


def test_an_ended_link_ends_sight_at_once_and_can_begin_again(guo, now, trail):
    child = child_of(guo, now)
    link = selectors.link_of(guo, child)
    for _turn in range(2):
        services.end_link(link, by=guo, at=now)
    assert selectors.link_of(guo, child) is None
    assert list(selectors.visible_to(guo)) == [own(guo)]
    assert trail().count("patient.link-end") == 1
    assert child_of(guo, now) == child


def test_nobody_ends_their_own_or_anybody_elses_link(guo, wang, now):
    child = child_of(guo, now)
    for link in (selectors.link_of(guo, own(guo)),):
        with pytest.raises(NotAllowed):
            services.end_link(link, by=guo, at=now)
    with pytest.raises(NotAllowed):
        services.end_link(selectors.link_of(guo, child), by=wang, at=now)


def test_clinicians_see_whom_the_rooms_above_say(wang, now, monkeypatch):
    doctor = staff("d", Role.DOCTOR)
    monkeypatch.setattr(readers, "_readers", {})
    assert not selectors.visible_to(doctor).exists()
    readers.register(
        "ward",
        patients_of=lambda user: (
            Patient.objects.filter(sex="female") if user == doctor else Patient.objects.none()
        ),
    )
    assert list(selectors.visible_to(doctor)) == [own(wang)]
    assert selectors.link_of(doctor, own(wang)) is None


# consent ---------------------------------------------------------------------------------------


def text(kind):
    return selectors.newest_texts().get(kind=kind)


def agree(user, patient, at, *kinds):
    return [services.consent(patient, text(kind), by=user, at=at) for kind in kinds]


def test_every_text_stands_in_both_languages():
    texts = list(ConsentText.objects.all())
    assert {t.kind for t in texts} == {"service", "sensitive", "courier", "guardian", "own"}
    assert all(len(t.body) > 150 and len(t.body_en) > 300 and t.title for t in texts)


def test_service_and_sensitive_are_needed_and_the_courier_apart(wang, now, trail):
    patient = own(wang)
    assert not selectors.consents_current(patient, on=local_date(now))
    agree(wang, patient, now, "service")
    assert [t.kind for t in selectors.texts_needed(patient, on=local_date(now))] == ["sensitive"]
    agree(wang, patient, now, "sensitive")
    assert selectors.consents_current(patient, on=local_date(now))
    assert not selectors.has_consent(patient, "courier")
    agree(wang, patient, now, "courier")
    assert selectors.has_consent(patient, "courier")
    assert trail().count("patient.consent") == 3


def test_agreeing_twice_is_once_and_withdrawing_is_as_easy(wang, now, trail):
    patient = own(wang)
    first, second = (agree(wang, patient, now, "service")[0] for _turn in range(2))
    assert first == second
    for _turn in range(2):
        services.withdraw(first, by=wang, at=now)
    assert not selectors.consents_current(patient, on=local_date(now))
    agree(wang, patient, now, "service")
    assert Consent.objects.count() == 2
    assert trail().count("patient.withdraw") == 1


def test_a_new_version_must_be_agreed_to_anew(wang, now):
    patient = own(wang)
    old = text("service")
    agree(wang, patient, now, "service", "sensitive")
    ConsentText.objects.create(
        kind="service", version=2, title="t", body="b", body_en="e", published_at=now
    )
    assert [t.version for t in selectors.texts_needed(patient, on=local_date(now))] == [2]
    with pytest.raises(WrongState) as refused:
        services.consent(patient, old, by=wang, at=now)
    assert refused.value.code == "consent-text-old"


def test_for_a_child_a_guardian_agrees_and_to_one_text_more(guo, wang, now):
    child = child_of(guo, now)
    agree(guo, child, now, "service", "sensitive")
    assert [t.kind for t in selectors.texts_needed(child, on=local_date(now))] == ["guardian"]
    agree(guo, child, now, "guardian")
    assert selectors.consents_current(child, on=local_date(now))
    with pytest.raises(NotAllowed):
        agree(wang, child, now, "service")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE patients_consenttext SET body = ''",
        "DELETE FROM patients_consenttext",
        "UPDATE patients_consent SET digest = ''",
        "DELETE FROM patients_consent",
    ],
)
def test_the_database_lets_nobody_change_what_was_agreed_to(wang, now, statement):
    agree(wang, own(wang), now, "service")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# health ----------------------------------------------------------------------------------------


def test_health_is_told_replaced_and_added_to_what_the_hospital_knows(wang, now, trail):
    patient = own(wang)
    told = [{"to": "青霉素", "reaction": "mild"}, {"to": "青霉素 ", "reaction": "anaphylaxis"}]
    services.set_health(
        patient,
        by=wang,
        at=now,
        allergies=told,
        pregnancy="no",
        is_lactating=False,
        weight_kg=Decimal("62.5"),
        liver="normal",
        history="左膝关节置换术（2021）",
    )
    known = [(a.to, a.reaction, a.source) for a in selectors.allergies(patient)]
    assert known == [("磺胺类", "severe", "his"), ("青霉素", "anaphylaxis", "self")]
    services.set_health(patient, by=wang, at=now, allergies=[])
    assert [a.source for a in selectors.allergies(patient)] == ["his"]
    patient.refresh_from_db()
    assert patient.allergies_known_at == now
    assert trail().count("patient.health") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"allergies": [{"to": "", "reaction": "mild"}]},
        {"allergies": [{"to": "虾", "reaction": "bad"}]},
        {"allergies": [{"to": "虾", "reaction": "mild"}] * 31},
        {"pregnancy": "maybe"},
        {"liver": "bad"},
        {"weight_kg": Decimal("0")},
        {"weight_kg": Decimal("501")},
    ],
)
def test_impossible_health_is_refused_and_changes_nothing(wang, now, wrong):
    patient = own(wang)
    with pytest.raises(Refused):
        services.set_health(patient, by=wang, at=now, **{"allergies": []} | wrong)
    patient.refresh_from_db()
    assert patient.allergies_known_at is None
    assert not Allergy.objects.exists()


def test_a_man_is_not_pregnant(guo, now):
    with pytest.raises(Refused) as refused:
        services.set_health(own(guo), by=guo, at=now, allergies=[], pregnancy="yes")
    assert refused.value.code == "health-impossible"


def test_a_stranger_tells_nothing_of_anybodys_health(guo, wang, now):
    with pytest.raises(NotAllowed):
        services.set_health(own(wang), by=guo, at=now, allergies=[])


# the record ------------------------------------------------------------------------------------


def test_facts_for_the_rules(wang, now):
    patient = own(wang)
    assert selectors.egfr(patient) == 52
    newest = selectors.evidence(patient, now)[0]
    assert newest["diagnosis"] in {"I10", "E11.9"}
    assert (newest["days_ago"], newest["department"], newest["hospital"], newest["kind"]) == (
        40,
        "心血管内科",
        "own",
        "outpatient_record",
    )


def test_medicines_run_out_and_are_withdrawn_with_their_prescription(wang, now):
    patient, today, origin = own(wang), local_date(now), uuid.uuid4()
    note = {
        "name": "缬沙坦胶囊",
        "atc": "C09CA03",
        "dosage": "80mg qd",
        "origin": origin,
        "at": now,
    }
    for _turn in range(2):
        services.note_medicine(patient, since=today, until=today + timedelta(days=7), **note)
    taken = {m.name: m.days_left for m in selectors.current_medicines(patient, today)}
    assert taken["缬沙坦胶囊"] == 7
    later = {
        m.name: m.days_left
        for m in selectors.current_medicines(patient, today + timedelta(days=9), stopped_within=35)
    }
    assert later["缬沙坦胶囊"] == -2
    assert services.withdraw_medicine(origin, at=now) == 1
    assert "缬沙坦胶囊" not in {m.name for m in selectors.current_medicines(patient, today)}


def test_one_page_tells_the_whole_story_and_leaves_a_trace(wang, now, trail):
    patient, doctor = (
        own(wang),
        staff("d", Role.DOCTOR),
    )
    services.set_health(patient, by=wang, at=now, allergies=[{"to": "青霉素", "reaction": "mild"}])
    visit = {
        "visit": uuid.uuid4(),
        "at": now,
        "department": "心血管内科",
        "doctor": "陈思远",
        "diagnoses": [{"code": "I10", "name": "原发性高血压"}],
        "outcome": "closed",
    }
    services.note_visit(patient, **visit)
    services.note_visit(patient, **visit)
    stream = uuid.uuid4()
    record = services.open_record(patient, by=doctor, at=now, why="care", stream=stream)
    assert record.age == 68
    assert {p.code for p in record.problems} == {"I10", "E11.9"}
    assert [(v.is_online, v.department) for v in record.visits] == [
        (True, "心血管内科"),
        (False, "心血管内科"),
        (False, "心血管内科"),
        (False, "内分泌科"),
    ]
    assert [d["code"] for d in record.visits[1].diagnoses] == ["I10", "E11.9"]
    potassium = next(s for s in record.labs if s.code == "2823-3")
    assert (potassium.latest, potassium.flag, potassium.reference) == (
        Decimal("5.4"),
        "high",
        "3.5–5.3",
    )
    assert len(potassium.points) == 10
    assert len(record.reports) == 10
    read = trail("record.read")[0]
    assert (read.actor, read.about, read.stream, read.facts["why"]) == (
        doctor.public_id,
        patient.public_id,
        stream,
        "care",
    )


def test_the_record_costs_the_same_whatever_the_past(wang, now, django_assert_max_num_queries):
    patient, doctor = (
        own(wang),
        staff("d", Role.DOCTOR),
    )
    person, known = patient.person, {"updated_at": now, "pulled_at": now}
    ago = [now - timedelta(days=i) for i in range(400)]
    visits = Visit.objects.bulk_create(
        Visit(fhir_id=f"v{i}", person=person, at=at, kind="outpatient", department="内科", **known)
        for i, at in enumerate(ago)
    )
    Diagnosis.objects.bulk_create(
        Diagnosis(
            fhir_id=f"d{i}",
            person=person,
            visit=v,
            code=f"Z{i % 90:02d}",
            name="n",
            at=v.at,
            **known,
        )
        for i, v in enumerate(visits)
    )
    Observation.objects.bulk_create(
        Observation(
            fhir_id=f"o{i}", person=person, at=at, code="2823-3", name="钾", value=4, **known
        )
        for i, at in enumerate(ago)
    )
    Report.objects.bulk_create(
        Report(fhir_id=f"r{i}", person=person, at=at, kind="laboratory", title="t", **known)
        for i, at in enumerate(ago)
    )
    Medicine.objects.bulk_create(
        Medicine(fhir_id=f"m{i}", person=person, at=at, name=f"药{i}", **known)
        for i, at in enumerate(ago[:50])
    )
    reached = selectors.reached(wang, patient.public_id)
    with django_assert_max_num_queries(
        14
    ) as asked:  # two of them SAVEPOINT and RELEASE of this test
        record = services.open_reached(reached, by=doctor, at=now, why="care")
        _ = [a.to for a in record.allergies], [r.conclusion for r in record.reports]
    statements = [q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 12, len(statements)
    assert (len(record.visits), len(record.reports)) == (10, 10)
    assert all(len(s.points) <= 12 for s in record.labs)


def test_a_record_is_not_read_without_a_reason(wang, now, trail):
    with pytest.raises(Refused):
        services.open_record(own(wang), by=wang, at=now, why="curiosity")
    assert "record.read" not in trail()


# addresses -------------------------------------------------------------------------------------


def test_addresses_are_kept_and_forgotten(wang, guo, now):
    kept = services.add_address(
        wang,
        name="王秀兰",
        phone="138-0000-6620",
        region="北京市海淀区",
        detail="花园路 8 号",
        at=now,
    )
    assert kept.phone == "13800006620"
    assert not selectors.addresses_of(guo).exists()
    with pytest.raises(NotAllowed):
        services.remove_address(kept, by=guo, at=now)
    services.remove_address(kept, by=wang, at=now)
    assert not selectors.addresses_of(wang).exists()


def test_twenty_addresses_are_enough(wang, now):
    where = {
        "name": "王秀兰",
        "phone": "13800006620",
        "region": "北京市海淀区",
        "detail": "花园路 8 号",
        "at": now,
    }
    for _turn in range(20):
        services.add_address(wang, **where)
    with pytest.raises(Refused) as refused:
        services.add_address(wang, **where)
    assert refused.value.code == "addresses-many"


# invariants in the database --------------------------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [{"is_guardian": True}, {"relation": "friend"}, {"relation": "parent", "is_proven": False}],
)
def test_the_database_refuses_links_that_cannot_be(wang, column):
    with pytest.raises(DatabaseError), transaction.atomic():
        Link.objects.update(**column)


@pytest.mark.parametrize(
    "column", [{"sex": "male", "pregnancy": "yes"}, {"weight_kg": 0}, {"liver": "x"}]
)
def test_the_database_refuses_patients_that_cannot_be(wang, column):
    with pytest.raises(DatabaseError), transaction.atomic():
        Patient.objects.update(**column)


@pytest.mark.django_db(transaction=True)
def test_the_same_person_registered_twice_at_once_is_one_patient(his, now):
    user, made = account("13800006620"), []

    def go():
        try:
            made.append(
                services.register(user, name="王秀兰", id_number=WANG, relation="self", at=now).pk
            )
        finally:
            connection.close()

    threads = [Thread(target=go) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert (Patient.objects.count(), Link.objects.count(), Person.objects.count()) == (1, 1, 1)


def number_of(birth):
    first17 = f"110108{birth.replace('-', '')}998"
    return first17 + check_letter(first17)
