"""What a privilege changes: signing, tiers of antimicrobials, children, review."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from doctors import services as doctors
from hospital.accounts import services as accounts
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, RuleBroken
from hospital.policy import services as policies
from prescriptions import selectors, services
from prescriptions.models import Dispensing, Prescription
from tests import consulting, make, paying, prescribing
from tests.conftest import NOON
from tests.prescribing import line

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)


@pytest.fixture
def cast():
    return prescribing.cast()


def rules_against(written) -> set[str]:
    with transaction.atomic():
        lines = list(written.lines.select_related("drug"))
        return {f.rule for f in selectors.judged(written, lines, NOON).decision.findings}


def test_without_the_privilege_to_prescribe_nothing_is_signed_and_the_dry_check_says_so(cast):
    written = prescribing.draft(cast)
    assert rules_against(written) == set()
    make.without(cast.doctor, "prescribe")
    assert "RX-DOCTOR-PRIVILEGE" in rules_against(written)
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=NOON)
    assert "RX-DOCTOR-PRIVILEGE" in refused.value.facts["rules"]
    make.privilege(cast.doctor, "prescribe")
    assert services.sign(written, by=cast.doctor.user, at=NOON).state == "signed"


def test_a_suspended_privilege_is_none(cast):
    written = prescribing.draft(cast)
    held = cast.doctor.privileges.get(kind="prescribe")
    doctors.suspend_privilege(held, by=make.medical_affairs("yiwu2"), at=NOON, why="处方点评")
    with pytest.raises(RuleBroken):
        services.sign(written, by=cast.doctor.user, at=NOON)


def test_the_tier_of_antimicrobials_is_the_one_that_was_granted(cast):
    restricted = selectors.proposal_for(prescribing.draft(cast), [], NOON)
    assert restricted.doctor.right == "restricted"
    make.without(cast.doctor, "antimicrobial")
    draft = Prescription.objects.get(state="draft")
    assert selectors.proposal_for(draft, [], NOON).doctor.right == "none"
    make.privilege(cast.doctor, "antimicrobial", tier="special")
    assert selectors.proposal_for(draft, [], NOON).doctor.right == "special"


def test_who_reviews_holds_the_privilege_to(cast):
    signed = prescribing.signed(cast)
    held = cast.pharmacist.privileges.get(kind="review")
    affairs = make.medical_affairs("yiwu2")
    doctors.suspend_privilege(held, by=affairs, at=NOON, why="考核")
    for act in (
        lambda: services.approve(signed, by=cast.pharmacist.user, at=NOON),
        lambda: services.send_back(signed, note="剂量", by=cast.pharmacist.user, at=NOON),
        lambda: services.reject(signed, note="剂量", by=cast.pharmacist.user, at=NOON),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "privilege"
    doctors.restore_privilege(held, by=affairs, at=NOON, why="考核合格")
    assert services.approve(signed, by=cast.pharmacist.user, at=NOON).state == "approved"


# --- children -------------------------------------------------------------------------------------
def a_child(doctor):
    """郭小满, under six, with a skin disease that dermatology treats; her father asks `doctor`."""
    policies.publish({"minimum_age_online": 0}, by=make.medical_affairs(), at=NOON, note="儿科")
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, consulting.person("郭立", "13800006625", date(1988, 9, 12)))
    child = consulting.person(
        "郭小满",
        "13800006625",
        date(2021, 5, 20),
        ("L20.9", "特应性皮炎", 30),
        department="皮肤科",
        guardian=("郭立", "13800006625"),
    )
    patient = consulting.known(guo, child, "child")
    wish = {"diagnoses": ["L20.9"], "complaint": "身上痒", "guardian_present": True}
    return lambda: consulting.ordered(guo, patient, doctor, **wish)


def test_the_department_of_paediatrics_alone_lets_nobody_see_a_small_child():
    doctor = make.doctor("shenyiming", "沈一鸣", department="儿科")
    ask = a_child(doctor)
    make.without(doctor, "paediatrics")
    with pytest.raises(RuleBroken) as refused:
        ask()
    assert refused.value.facts["findings"][0]["evidence"]["missing"] == ["specialist"]
    make.privilege(doctor, "paediatrics")
    assert ask().state == "unpaid"


def test_a_privilege_of_paediatrics_counts_in_any_department():
    doctor = make.doctor()
    ask = a_child(doctor)
    make.privilege(doctor, "paediatrics")
    assert ask().state == "unpaid"


def test_a_privilege_of_paediatrics_that_ends_ends_prescribing_for_small_children():
    doctor = make.doctor("shenyiming", "沈一鸣", department="儿科")
    visit = consulting.opened(consulting.paid(a_child(doctor)()))
    assert not visit.specialist_present
    draft = services.begin(visit, by=doctor.user, at=NOON)
    assert selectors.proposal_for(draft, [], NOON).patient.specialist_with_child
    make.without(doctor, "paediatrics")
    assert not selectors.proposal_for(draft, [], NOON).patient.specialist_with_child


# --- one person in two professions ----------------------------------------------------------------
@pytest.fixture
def both(cast):
    """陈思远, who wrote everything here, as the pharmacist that he is too."""
    user = cast.doctor.user
    one, other = (make.staff(name, "security_admin") for name in ("anquan", "anquan2"))
    asked = accounts.ask_role(user, "pharmacist", by=one, at=NOON, why="兼任药师")
    accounts.grant(asked, by=other, at=NOON)
    user.refresh_from_db()
    where = cast.pharmacist.department
    return make.licensed(
        doctors.add_clinician(
            user, kind="pharmacist", department=where, title="pharmacist", by=None, at=NOON
        )
    )


def test_a_pharmacist_who_is_a_doctor_too_reviews_and_dispenses_for_others_alone(cast, both):
    own = prescribing.signed(cast)
    for act in (services.approve, services.send_back, services.reject):
        said = {} if act is services.approve else {"note": "剂量"}
        with pytest.raises(NotAllowed):
            act(own, by=both.user, at=NOON, **said)
    services.approve(own, by=cast.pharmacist.user, at=NOON)
    ordered = prescribing.ordered(cast, own)
    paying.settle(ordered.charge, at=NOON)
    with pytest.raises(NotAllowed) as refused:
        services.dispense(ordered, by=both.user, at=NOON)
    assert refused.value.code == "own-prescription"
    colleague = make.doctor("zhouruolan", "周若兰")
    visit = consulting.in_state("open", cast.user, cast.patient, colleague)
    other = prescribing.Cast(cast.user, cast.patient, colleague, both, visit)
    assert prescribing.dispensed(other, line("缬沙坦胶囊 80mg", "80")).state == "dispensed"


def test_the_database_knows_the_same_person_in_two_professions(cast, both):
    own = prescribing.signed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Prescription.objects.filter(pk=own.pk).update(reviewer=both, reviewed_at=NOON)
    services.approve(own, by=cast.pharmacist.user, at=NOON)
    with pytest.raises(DatabaseError, match="their own"), transaction.atomic():
        Dispensing.objects.create(prescription=own, by=both, at=NOON)
    assert Dispensing.objects.create(prescription=own, by=cast.pharmacist, at=NOON)
