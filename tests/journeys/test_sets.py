"""Sets of lines that a doctor keeps, and the module 开方 turned off."""

import pytest

from doctors import services as doctors
from hospital.consultations import services as visits
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from prescriptions import selectors, services
from prescriptions.models import Drug, Set
from tests import make, prescribing
from tests.conftest import NOON
from tests.prescribing import AMLODIPINE, VALSARTAN, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return prescribing.cast()


@pytest.fixture
def doctor(cast):
    return cast.visit.doctor


def kept(cast, *lines, name="高血压常用"):
    draft = prescribing.draft(cast, *(lines or (line(), line(VALSARTAN, "80"))))
    return services.keep_set(draft, name, by=draft.doctor.user, at=NOON)


def prescribing_is(on, doctor):
    doctors.set_service(doctor, "prescribing", is_on=on, by=doctor.user, at=NOON)


def drugs(prescription):
    return [each.drug.key for each in prescription.lines.order_by("position")]


def test_a_set_is_kept_once_of_a_name_and_dropped(cast, doctor, trail):
    first = kept(cast)
    again = kept(cast, line())
    assert first == again
    assert [each.drug.key for each in again.lines.all()] == [AMLODIPINE]
    assert list(selectors.sets_of(doctor.user)) == [again]
    services.drop_set(again, by=doctor.user, at=NOON)
    assert not selectors.sets_of(doctor.user).exists()
    assert trail().count("set.keep") == 2
    assert "set.drop" in trail()


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_set_has_a_name(cast, name):
    with pytest.raises(Refused):
        kept(cast, name=name)


def test_a_set_of_nothing_is_none(cast, doctor):
    draft = services.begin(cast.visit, by=doctor.user, at=NOON)
    with pytest.raises(Refused):
        services.keep_set(draft, "空的", by=doctor.user, at=NOON)


def test_a_set_is_written_behind_the_lines_and_judged_anew(cast, doctor):
    mine = kept(cast, line(VALSARTAN, "80"))
    draft = prescribing.draft(cast, line())
    changed, left_out = services.apply_set(mine, draft, by=doctor.user, at=NOON)
    assert (drugs(changed), left_out) == ([AMLODIPINE, VALSARTAN], [])
    changed, _none = services.apply_set(mine, changed, by=doctor.user, at=NOON)
    found = {finding.rule for finding in services.check(changed, at=NOON).decision.findings}
    assert any("DUPLICATE" in rule for rule in found), found


def test_a_medicine_that_is_not_sold_any_more_is_named_and_left_out(cast, doctor):
    mine = kept(cast)
    Drug.objects.filter(key=VALSARTAN).update(is_sold=False)
    draft = services.change(selectors.draft_of(cast.visit), lines=[], by=doctor.user, at=NOON)
    changed, left_out = services.apply_set(mine, draft, by=doctor.user, at=NOON)
    assert drugs(changed) == [AMLODIPINE]
    assert left_out == [str(Drug.objects.get(key=VALSARTAN))]


def test_the_set_of_another_is_not_for_ones_own_draft(cast, doctor):
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    theirs = Set.objects.create(doctor=other, name="她的", kept_at=NOON)
    draft = prescribing.draft(cast, line())
    with pytest.raises(NotAllowed):
        services.apply_set(theirs, draft, by=doctor.user, at=NOON)
    with pytest.raises(NotAllowed):
        services.drop_set(theirs, by=doctor.user, at=NOON)
    with pytest.raises(NotAllowed):
        services.keep_set(draft, "偷来的", by=other.user, at=NOON)
    assert list(selectors.sets_of(doctor.user)) == []


def test_a_set_goes_into_no_signed_prescription(cast, doctor):
    mine = kept(cast, line())
    signed = prescribing.signed(cast, line())
    with pytest.raises(WrongState):
        services.apply_set(mine, signed, by=doctor.user, at=NOON)


# --- the module 开方 ---
def test_who_ordered_while_it_was_on_may_be_prescribed_for_after_it_went_off(cast, doctor):
    prescribing_is(False, doctor)
    assert services.begin(cast.visit, by=doctor.user, at=NOON).state == "draft"
    assert prescribing.signed(cast, line()).state == "signed"


def test_who_ordered_while_it_was_off_is_told_and_nothing_is_begun_or_signed(cast, doctor):
    prescribing_is(False, doctor)
    other = prescribing.another_patient(cast)
    with pytest.raises(Refused) as refusal:
        services.begin(other.visit, by=doctor.user, at=NOON)
    assert refusal.value.code == "prescribing-off"
    prescribing_is(True, doctor)
    draft = prescribing.draft(other, line())
    prescribing_is(False, doctor)
    with pytest.raises(Refused) as refusal:
        services.sign(draft, by=doctor.user, at=NOON)
    assert refusal.value.code == "prescribing-off"
    prescribing_is(True, doctor)
    assert services.begin(other.visit, by=doctor.user, at=NOON) == draft


def test_the_order_page_says_so_before_anyone_pays(cast, doctor):
    prescribing_is(False, doctor)
    user, patient = cast.visit.asked_by, cast.visit.patient
    judged = visits.judge(user, patient, doctor, "followup", ["I10"], False, at=NOON)
    assert [each.rule for each in judged.findings] == ["VISIT-PRESCRIBING"]
    assert judged.passes
