"""电子建档, question by question: kept as it is given, by whoever acts for the patient."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from patients import selectors, services
from patients.forms.steps import SPARE, AllergiesForm
from patients.models import Answer, Medicine
from patients.services import health
from tests import consulting
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
CONTACT = {"name": "赵建民", "phone": "138 0000 6621", "relation": "spouse"}


def somebody(name="孙悦", phone="13800007701", birth=date(1995, 4, 2)):
    """Registered, agreed, and asked nothing yet."""
    who = consulting.person(name, phone, birth)
    user = consulting.account(phone, name)
    patient = services.register(user, name=name, id_number=who.id_number, relation="self", at=NOON)
    return user, patient


@pytest.fixture
def sun():
    return somebody()


@pytest.fixture
def child():
    """A girl of four, and her father who is her guardian."""
    user, _own = somebody("郭立", "13800007702", date(1988, 9, 12))
    who = consulting.person(
        "郭小满", "13800007702", date(2021, 5, 20), guardian=("郭立", "13800007702")
    )
    girl = services.register(
        user, name="郭小满", id_number=who.id_number, relation="child", at=NOON
    )
    return user, girl


def told(by, step, at=NOON, **said):
    user, patient = by
    answer = services.answer(patient, step, said=said, by=user, at=at)
    patient.refresh_from_db()
    return answer


def test_each_answer_is_kept_by_itself_and_the_rest_waits(sun, trail):
    told(sun, "allergies", allergies=[{"to": "青霉素", "reaction": "severe"}])
    told(sun, "insurance", kind="employee", number="１１０ 22233344s")
    _user, patient = sun
    answers = selectors.answers_of(patient)
    assert set(answers) == {"allergies", "insurance"}
    assert answers["insurance"].said == {"kind": "employee", "number": "11022233344S"}
    assert patient.allergies_known_at == NOON
    assert trail()[-2:] == ["patient.answer"] * 2


def test_an_allergy_is_kept_with_the_catalogues_code(sun):
    lines = [("头孢菌素类", "mild"), ("布洛芬", "severe"), ("猕猴桃", "mild")]
    told(sun, "allergies", allergies=[{"to": to, "reaction": how} for to, how in lines])
    kept = {each.to: (each.kind, each.code) for each in sun[1].allergies.all()}
    assert kept["头孢菌素类"] == ("group", "CEPHALOSPORIN")
    assert kept["布洛芬"][0] == "drug"
    assert kept["布洛芬"][1].startswith("M01AE01")
    assert kept["猕猴桃"] == ("other", "")


def test_allergies_must_be_answered_and_all_else_may_wait(sun):
    user, patient = sun
    with pytest.raises(Refused) as refused:
        services.skip(patient, "allergies", by=user, at=NOON)
    assert refused.value.code == "step-needed"
    assert services.skip(patient, "insurance", by=user, at=NOON).is_skipped
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(patient=patient, step="allergies", at=NOON, is_skipped=True)


def test_putting_off_what_was_answered_loses_nothing(sun):
    user, patient = sun
    told(sun, "contact", **CONTACT)
    assert services.skip(patient, "contact", by=user, at=NOON).said["phone"] == "13800006621"


@pytest.mark.parametrize(
    ("step", "said", "code"),
    [
        ("contact", CONTACT | {"name": "赵\u200b建民"}, "name-malformed"),
        ("contact", CONTACT | {"phone": "12345"}, "phone-malformed"),
        ("contact", CONTACT | {"relation": "enemy"}, "choice-unknown"),
        ("insurance", {"kind": "employee", "number": "1 or 1=1"}, "insurance-malformed"),
        ("insurance", {"kind": "gold"}, "choice-unknown"),
        ("history", {"history": "", "liver": "bad"}, "choice-unknown"),
        ("history", {"history": "病" * 2001, "liver": "normal"}, "text-too-long"),
        ("medicines", {"medicines": [{"name": " \u200b", "dosage": ""}]}, "medicine-malformed"),
        ("medicines", {"medicines": [{"name": f"药{n}"} for n in range(31)]}, "medicines-many"),
        ("pregnancy", {"pregnancy": "no", "due_on": date(2026, 6, 1)}, "due-date-alone"),
        ("pregnancy", {"pregnancy": "yes", "due_on": date(2027, 6, 1)}, "due-date-impossible"),
        ("pregnancy", {"pregnancy": "yes", "due_on": date(2026, 2, 1)}, "due-date-impossible"),
        ("weight", {"weight_kg": Decimal(60)}, "step-not-asked"),
        ("no-such", {}, "step-not-asked"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(sun, step, said, code):
    with pytest.raises(Refused) as refused:
        told(sun, step, **said)
    assert refused.value.code == code
    assert not Answer.objects.exists()
    assert not Medicine.objects.exists()


def test_a_stranger_answers_nothing_for_anybody(sun):
    _user, patient = sun
    with pytest.raises(NotAllowed):
        told((consulting.stranger(), patient), "contact", **CONTACT)
    with pytest.raises(NotAllowed):
        services.skip(patient, "contact", by=consulting.stranger(), at=NOON)


def test_what_the_patient_takes_stands_until_they_stop(sun, trail):
    user, patient = sun
    told(sun, "medicines", medicines=[{"name": "华法林", "dosage": "每晚 1 片"}])
    told(sun, "medicines", medicines=[{"name": "华法林", "dosage": "2"}, {"name": "鱼油"}])
    taken = selectors.current_medicines(patient, TODAY)
    assert [each.name for each in taken] == ["华法林", "鱼油"]
    assert all(each.days_left is None for each in taken)
    warfarin = patient.medicines.get(name="华法林")
    assert warfarin.atc == "B01AA03"
    later = NOON + timedelta(days=10)
    for _turn in range(2):
        services.stop_medicine(warfarin, by=user, at=later)
    assert [m.name for m in selectors.current_medicines(patient, local_date(later))] == ["鱼油"]
    assert trail().count("patient.medicine-stop") == 1
    lately = selectors.current_medicines(patient, local_date(later), stopped_within=7)
    assert {each.name for each in lately} == {"华法林", "鱼油"}, "a doctor sees what just ended"


def test_what_a_doctor_prescribed_is_not_stopped_here(sun):
    user, patient = sun
    ours = Medicine.objects.create(patient=patient, name="缬沙坦", since=TODAY, source="ours")
    with pytest.raises(WrongState) as refused:
        services.stop_medicine(ours, by=user, at=NOON)
    assert refused.value.code == "medicine-not-own"
    with pytest.raises(NotAllowed):
        services.stop_medicine(ours, by=consulting.stranger(), at=NOON)


def test_a_pregnancy_counts_until_after_its_date_and_a_no_for_three_months(sun):
    _user, patient = sun
    told(sun, "pregnancy", pregnancy="yes", due_on=TODAY + timedelta(days=30))
    assert selectors.told(patient, TODAY).pregnancy == "yes"
    assert selectors.told(patient, TODAY + timedelta(days=44)).pregnancy == "yes"
    assert selectors.told(patient, TODAY + timedelta(days=45)).pregnancy == "unknown"
    told(sun, "pregnancy", pregnancy="no", is_lactating=True)
    after = selectors.told(patient, TODAY + timedelta(days=93))
    assert (after.pregnancy, after.is_lactating, after.due_on) == ("unknown", True, None)


def test_an_old_weight_of_a_child_is_none(child):
    _user, girl = child
    told(child, "weight", weight_kg=Decimal("18.5"))
    assert selectors.told(girl, TODAY).weight_kg == Decimal("18.5")
    later = selectors.told(girl, date(2026, 9, 10))
    assert (later.weight_kg, later.is_weight_old, later.weighed_on) == (None, True, TODAY)
    told(child, "weight", at=NOON + timedelta(days=184), weight_kg=Decimal("20.1"))
    assert selectors.told(girl, date(2026, 9, 10)).weight_kg == Decimal("20.1")


def test_the_whole_form_answers_its_questions_too(sun):
    user, patient = sun
    services.set_health(patient, by=user, at=NOON, allergies=[], pregnancy="no")
    assert set(selectors.answers_of(patient)) == {"allergies", "pregnancy"}


def test_the_whole_form_leaves_alone_what_it_is_not_told(sun):
    user, patient = sun
    services.set_health(patient, by=user, at=NOON, allergies=[], weight_kg=Decimal("61.5"))
    told(sun, "history", history="甲状腺手术（2019）", liver="impaired")
    due = TODAY + timedelta(days=100)
    told(sun, "pregnancy", pregnancy="yes", is_lactating=False, due_on=due)
    later = NOON + timedelta(days=1)
    services.set_health(patient, by=user, at=later, allergies=[])
    patient.refresh_from_db()
    assert (patient.weight_kg, patient.weighed_at) == (Decimal("61.5"), NOON)
    assert (patient.history, patient.liver) == ("甲状腺手术（2019）", "impaired")
    assert (patient.pregnancy, patient.due_on, patient.pregnancy_at) == ("yes", due, NOON)
    services.set_health(patient, by=user, at=later, allergies=[], pregnancy="yes", history="")
    patient.refresh_from_db()
    assert (patient.due_on, patient.pregnancy_at) == (due, later)
    assert (patient.history, patient.liver) == ("", "impaired")
    services.set_health(patient, by=user, at=later, allergies=[], pregnancy="no")
    patient.refresh_from_db()
    assert patient.due_on is None


def test_no_line_is_lost_where_another_tab_shortened_the_list(sun):
    _user, patient = sun
    sent = {"has_allergies": "yes"}
    for n in range(6):  # two that stood there when the page was made, and four empty ones
        sent |= {f"to_{n}": f"花粉{n}", f"reaction_{n}": "mild"}
    form = AllergiesForm(patient, sent)
    assert form.is_valid()
    assert [line["to"] for line in form.said["allergies"]] == [f"花粉{n}" for n in range(6)]
    assert AllergiesForm(patient).many == SPARE
    flood = {f"to_{n}": "花粉" for n in range(999)}
    assert AllergiesForm(patient, flood).many == health.MOST_ALLERGIES
