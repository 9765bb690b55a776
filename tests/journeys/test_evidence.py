"""外院病历: handed in, judged by somebody else, good until its day; diseases that are one."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from hospital.accounts.models import User
from hospital.consultations import services as consultations
from hospital.consultations.lifecycle import State
from hospital.files.models import File
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, TooMany, WrongState
from hospital.notifications.models import Notice
from hospital.payments.models import Refund
from hospital.policy import services as policy
from patients import selectors, services
from patients.lifecycle import EvidenceState
from patients.models import Evidence, EvidencePage, Link
from tests import consulting, make, papers, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def zhang():
    """张华, never seen at this hospital."""
    who = consulting.person("张华", "13800006640", date(1969, 5, 4))
    user = consulting.account("13800006640", "张华")
    return user, consulting.known(user, who)


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def office():
    return make.staff("menban", "outpatient_office", name="门诊办公室")


def order(zhang, doctor, **more):
    return consulting.ordered(*zhang, doctor, **more)


def test_who_was_never_here_is_seen_online_by_a_paper_that_a_doctor_confirmed(zhang, doctor, trail):
    with pytest.raises(RuleBroken) as refusal:
        order(zhang, doctor)
    assert refusal.value.facts["rules"] == ["VISIT-FOLLOW-UP"]
    paper = papers.handed_in(*zhang, uploads=[papers.picture(), papers.pdf()])
    assert (paper.state, paper.pages.count()) == ("submitted", 2)
    with pytest.raises(RuleBroken):  # nobody has looked at it yet
        order(zhang, doctor)
    done = papers.confirmed(paper, doctor)
    assert (done.diagnosis, done.diagnosis_name, done.issued_by) == (
        "I10",
        "原发性高血压",
        "海淀医院",
    )
    assert done.expires_on == local_date(NOON) + timedelta(days=180)
    (proof,) = selectors.evidence(zhang[1], NOON)
    assert (proof["hospital"], proof["days_ago"], proof["department"]) == ("other", 30, "")
    visit = order(zhang, doctor)
    assert visit.state == State.UNPAID
    assert [e.facts.get("department") for e in trail("evidence.confirm")] == [paper.department]
    assert [e.about for e in trail("evidence.submit")] == [zhang[1].public_id]
    assert Notice.objects.filter(to=zhang[0], kind="evidence.confirm").count() == 1


def test_a_refusal_says_why_in_words_that_the_patient_reads(zhang, doctor):
    paper = papers.handed_in(*zhang)
    with pytest.raises(Refused):
        services.refuse_evidence(paper, why="  ", by=doctor.user, at=NOON)
    why = "看不清日期，请重新拍一张。"
    services.refuse_evidence(paper, why=why, by=doctor.user, at=NOON)
    told = Notice.objects.get(to=zhang[0], kind="evidence.refuse")
    assert why in told.said_body
    assert "重新" in told.said_body
    assert "线下" in told.said_body
    with pytest.raises(WrongState):
        papers.confirmed(paper, doctor)
    assert selectors.evidence(zhang[1], NOON) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "I99.9"}, "diagnosis-unknown"),
        ({"code": "高血压"}, "diagnosis-malformed"),
        ({"institution": " "}, "institution-missing"),
        ({"visited_on": local_date(NOON) + timedelta(days=1)}, "visit-day"),
        ({"visited_on": date(1969, 5, 3)}, "visit-day"),
    ],
)
def test_what_the_reviewer_read_must_be_possible(zhang, doctor, change, code):
    paper = papers.handed_in(*zhang)
    with pytest.raises(Refused) as refusal:
        papers.confirmed(paper, doctor, **change)
    assert refusal.value.code == code
    papers.confirmed(paper, doctor, visited_on=local_date(NOON))


def test_a_doctor_of_the_department_or_the_office_reviews_and_nobody_else(zhang, doctor, office):
    other = make.doctor("zhouping", "周平", department="内分泌科")
    affairs = make.medical_affairs()
    one, two = papers.handed_in(*zhang), papers.handed_in(*zhang)
    for stranger in (other.user, affairs, zhang[0]):
        assert not selectors.papers_to_review(stranger).exists()
        with pytest.raises(NotAllowed):
            papers.confirmed(one, stranger)
    assert set(selectors.papers_to_review(doctor.user)) == {one, two}
    assert set(selectors.papers_to_review(office)) == {one, two}
    papers.confirmed(one, doctor)
    papers.confirmed(two, office)


def test_nobody_judges_what_they_handed_in(doctor):
    """A doctor whose account for work is also that of the patient."""
    user = doctor.user
    _account, patient = consulting.wang()
    Link.objects.create(
        account=user, patient=patient, relation="child", is_proven=True, since=NOON, ended_at=None
    )
    paper = papers.handed_in(user, patient)
    assert not selectors.papers_to_review(user).exists()
    with pytest.raises(NotAllowed):
        papers.confirmed(paper, doctor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=paper.pk).update(
            state="refused", reviewer=user, reviewed_at=NOON
        )


def test_nobody_judges_the_papers_of_their_family_also_when_the_link_is_over(zhang, doctor):
    paper = papers.handed_in(*zhang)
    link = Link.objects.create(
        account=doctor.user, patient=zhang[1], relation="spouse", is_proven=True, since=NOON
    )
    for ended in (None, NOON):
        link.ended_at = ended
        link.save()
        assert not selectors.papers_to_review(doctor.user).exists()
        with pytest.raises(NotAllowed):
            papers.confirmed(paper, doctor)
        with pytest.raises(DatabaseError, match="family"), transaction.atomic():
            Evidence.objects.filter(pk=paper.pk).update(
                state="refused", reviewer=doctor.user, reviewed_at=NOON
            )


def test_another_account_of_the_same_person_is_the_same_person(zhang, doctor):
    """A doctor's account for work has no links: the identity number in the certificate tells."""
    credential = doctor.credentials.get()
    number = credential.qualification_no[9:]
    who = consulting.person("陈思远", "13800006651", date(1990, 3, 7))
    who.id_number, who.birth_date, who.sex = number, date(1990, 3, 7), "male"
    who.save()
    private = consulting.account("13800006651", "陈思远")
    himself = consulting.known(private, who)
    own = papers.handed_in(private, himself)
    Link.objects.create(
        account=private, patient=zhang[1], relation="parent", is_proven=True, since=NOON
    )
    family = papers.handed_in(*zhang)
    for paper in (own, family):
        with pytest.raises(NotAllowed):
            papers.confirmed(paper, doctor)
    assert not selectors.papers_to_review(doctor.user).exists()
    colleague = make.doctor("linyi", "林一")
    papers.confirmed(own, colleague)
    papers.confirmed(family, colleague)


def test_a_guardian_and_a_helper_hand_in_and_a_stranger_may_not(zhang, doctor):
    helper = consulting.account("13800006641", "小刘")
    with pytest.raises(NotAllowed):
        papers.handed_in(helper, zhang[1])
    Link.objects.create(
        account=helper,
        patient=zhang[1],
        relation="helper",
        is_proven=True,
        since=NOON,
        until=NOON + timedelta(days=365 * 40),
    )
    paper = papers.handed_in(helper, zhang[1])
    assert list(selectors.own_papers(zhang[0])) == [paper]
    services.withdraw_evidence(paper, by=zhang[0], at=NOON)


def test_three_may_wait_and_six_be_of_one_day(zhang, doctor):
    waiting = [papers.handed_in(*zhang) for _ in range(3)]
    with pytest.raises(WrongState) as refusal:
        papers.handed_in(*zhang)
    assert refusal.value.code == "evidence-many"
    for paper in waiting:
        services.withdraw_evidence(paper, by=zhang[0], at=NOON)
    for _ in range(3):
        services.withdraw_evidence(papers.handed_in(*zhang), by=zhang[0], at=NOON)
    with pytest.raises(TooMany):
        papers.handed_in(*zhang)
    papers.handed_in(*zhang, at=NOON + timedelta(days=1))


def test_of_a_paper_with_one_bad_page_no_page_is_left(zhang, doctor, media):
    broken = SimpleUploadedFile("b.png", b"\x89PNG\r\n\x1a\n cut off")
    with pytest.raises(Refused) as refusal:
        papers.handed_in(*zhang, uploads=[papers.picture(), papers.pdf(), broken])
    assert refusal.value.code == "image-malformed"
    assert not File.objects.exists()
    assert not list(media.rglob("*.*"))
    papers.handed_in(*zhang, uploads=[papers.picture(), papers.pdf()])
    assert File.objects.count() == len(list(media.rglob("*.sealed"))) == 2


def test_of_a_paper_that_others_overtook_no_page_is_left(zhang, doctor, media):
    def others():
        for _ in range(3):
            papers.handed_in(*zhang, uploads=[papers.pdf()])

    with pytest.raises(WrongState) as refusal:
        papers.handed_in(*zhang, uploads=[papers.pdf(), papers.Overtaken(others)])
    assert refusal.value.code == "evidence-many"
    assert File.objects.count() == len(list(media.rglob("*.sealed"))) == 3
    assert EvidencePage.objects.count() == 3


def test_a_paper_needs_pages_a_kind_and_a_department_that_is(zhang, doctor):
    for wrong in ({"uploads": []}, {"uploads": [papers.picture()] * 7}, {"kind": "poem"}):
        with pytest.raises(Refused):
            papers.handed_in(*zhang, **wrong)
    with pytest.raises(Refused):
        services.submit_evidence(
            zhang[1],
            kind="outpatient_record",
            department="nowhere",
            uploads=[papers.picture()],
            by=zhang[0],
            at=NOON,
        )
    assert Evidence.objects.count() == 0


def test_it_counts_until_its_day_whether_or_not_the_night_came(zhang, doctor):
    paper = papers.confirmed(papers.handed_in(*zhang), doctor)
    last = NOON + timedelta(days=180)
    assert selectors.evidence(zhang[1], last)
    assert services.sweep_evidence(at=last) == 0
    over = last + timedelta(days=1)
    assert selectors.evidence(zhang[1], over) == []  # the night's work has not come
    assert services.sweep_evidence(at=over) == 1
    assert services.sweep_evidence(at=over) == 0
    paper.refresh_from_db()
    assert (paper.state, paper.ended_at) == (EvidenceState.EXPIRED, over)
    assert Notice.objects.filter(to=zhang[0], kind="evidence.expire").count() == 1


def test_the_hospital_says_how_long_a_paper_counts(zhang, doctor):
    affairs = make.medical_affairs()
    policy.publish({"evidence_valid_days": 30}, by=affairs, at=NOON, note="短一些")
    paper = papers.confirmed(papers.handed_in(*zhang), doctor)
    assert paper.expires_on == local_date(NOON) + timedelta(days=30)


def test_the_window_is_counted_from_the_visit_not_from_the_review(zhang, doctor):
    papers.confirmed(papers.handed_in(*zhang), doctor, days=181)
    with pytest.raises(RuleBroken, match="181"):
        order(zhang, doctor)
    papers.confirmed(papers.handed_in(*zhang), doctor, days=180)
    order(zhang, doctor)


def test_where_the_hospital_asks_for_the_same_department_who_read_the_paper_counts(zhang, doctor):
    policy.publish(
        {"followup_same_department": True}, by=make.medical_affairs(), at=NOON, note="试行"
    )
    papers.confirmed(papers.handed_in(*zhang), doctor)
    order(zhang, doctor)
    other = make.doctor("zhouping", "周平", department="内分泌科")
    with pytest.raises(RuleBroken):
        order(zhang, other)


def diabetes_too(zhang, doctor):
    """An open visit for I10; that E11.9 is one of theirs as well, only 内分泌科 has read."""
    papers.confirmed(papers.handed_in(*zhang), doctor)
    other = make.doctor("zhouping", "周平", department="内分泌科")
    papers.confirmed(papers.handed_in(*zhang, department="内分泌科"), other, code="E11.9")
    visit = consulting.opened(consulting.paid(order(zhang, doctor, diagnoses=["I10"])))
    return prescribing.Cast(*zhang, doctor, make.pharmacist(), visit)


BOTH = [{"code": "I10", "name": "原发性高血压"}, {"code": "E11.9", "name": "2型糖尿病"}]


def test_where_the_same_department_is_asked_for_no_other_diagnosis_is_added_to_a_draft(
    zhang, doctor
):
    policy.publish(
        {"followup_same_department": True}, by=make.medical_affairs(), at=NOON, note="试行"
    )
    cast = diabetes_too(zhang, doctor)
    with pytest.raises(RuleBroken) as refusal:
        prescribing.signed(cast, diagnoses=BOTH)
    assert refusal.value.facts["rules"] == ["VISIT-DEPARTMENT"]
    assert prescribing.signed(cast, diagnoses=BOTH[:1]).state == "signed"


def test_where_it_is_not_asked_for_it_may_be(zhang, doctor):
    cast = diabetes_too(zhang, doctor)
    assert prescribing.signed(cast, diagnoses=BOTH).state == "signed"


def test_a_paper_makes_no_doctor_the_specialist_of_a_small_child(doctor):
    """E04 asks who treated it here: having read a paper is not that."""
    policy.publish({"minimum_age_online": 0}, by=make.medical_affairs(), at=NOON, note="开放儿科")
    child = consulting.person(
        "小宝", "13800006660", date(NOON.year - 4, 1, 1), guardian=("张父", "13800006661")
    )
    father = consulting.account("13800006661", "张父")
    consulting.known(father, consulting.person("张父", "13800006661", date(1990, 2, 2)))
    patient = consulting.known(father, child, relation="child")
    papers.confirmed(papers.handed_in(father, patient), doctor, days=10)
    with pytest.raises(RuleBroken) as refusal:
        consulting.ordered(father, patient, doctor, guardian_present=True)
    assert refusal.value.facts["rules"] == ["VISIT-YOUNG-CHILD"]


def test_revoked_between_order_and_accept_it_is_refused_there_and_the_money_goes_back(
    zhang, doctor, trail
):
    paper = papers.confirmed(papers.handed_in(*zhang), doctor)
    visit = consulting.paid(order(zhang, doctor))
    services.revoke_evidence(paper, why="是另一个人的病历。", by=doctor.user, at=NOON)
    with pytest.raises(RuleBroken) as refusal:
        consulting.opened(visit)
    assert refusal.value.facts["rules"] == ["VISIT-FOLLOW-UP"]
    assert refusal.value.facts["findings"][0]["terminate"] is True
    consultations.decline(visit, reason="first-visit", by=doctor.user, at=NOON)
    refund = Refund.objects.get()
    assert refund.amount_fen == visit.charge.amount_fen
    assert "另一个人" in Notice.objects.get(to=zhang[0], kind="evidence.revoke").said_body


def test_expired_between_order_and_accept_it_is_refused_there(zhang, doctor):
    affairs = make.medical_affairs()
    policy.publish({"evidence_valid_days": 30, "accept_hours": 72}, by=affairs, at=NOON, note="短")
    papers.confirmed(papers.handed_in(*zhang), doctor)
    ordered_at = NOON + timedelta(days=30)
    visit = consulting.paid(order(zhang, doctor, at=ordered_at), at=ordered_at)
    with pytest.raises(RuleBroken):
        consulting.opened(visit, at=ordered_at + timedelta(days=1))
    assert consultations.sweep(at=visit.accept_by)["lapse"] == 1
    assert Refund.objects.get().amount_fen == visit.charge.amount_fen


def test_revoked_while_the_visit_is_open_nothing_is_prescribed(zhang, doctor):
    paper = papers.confirmed(papers.handed_in(*zhang), doctor)
    visit = consulting.opened(consulting.paid(order(zhang, doctor)))
    cast = prescribing.Cast(*zhang, doctor, make.pharmacist(), visit)
    services.revoke_evidence(paper, why="是另一个人的病历。", by=doctor.user, at=NOON)
    with pytest.raises(RuleBroken) as refusal:
        prescribing.signed(cast)
    assert refusal.value.facts["rules"] == ["VISIT-FOLLOW-UP"]
    consultations.refer(visit, reason="first-visit", by=doctor.user, at=NOON)
    assert Refund.objects.get().amount_fen == visit.charge.amount_fen


def test_with_a_paper_a_prescription_is_signed(zhang, doctor):
    papers.confirmed(papers.handed_in(*zhang), doctor)
    visit = consulting.opened(consulting.paid(order(zhang, doctor)))
    cast = prescribing.Cast(*zhang, doctor, make.pharmacist(), visit)
    assert prescribing.signed(cast).state == "signed"


def test_the_database_keeps_what_was_handed_in_and_what_was_confirmed(zhang, doctor):
    paper = papers.confirmed(papers.handed_in(*zhang), doctor)
    rows = Evidence.objects.filter(pk=paper.pk)
    for change in (
        {"department": "x"},
        {"at": NOON + timedelta(days=1)},
        {"expires_on": date(2099, 1, 1)},
        {"reviewer": zhang[0]},
        {"state": "submitted"},
        {"state": "expired"},  # without its time
    ):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


# which diagnoses are one disease

OTHER = [{"code": "I25.1", "name": "动脉硬化性心脏病"}]


def treated(doctor):
    """王秀兰 (I10) in an open visit with this doctor."""
    user, patient = consulting.wang()
    visit = consulting.in_state("open", user, patient, doctor)
    return user, patient, visit


def same(patient, doctor, *, second="I25.1", first="I10", why="外院按冠心病编码，同一次住院"):
    return services.name_one_disease(
        patient, first=first, second=second, why=why, by=doctor.user, at=NOON
    )


def test_a_treating_doctor_says_that_two_codes_are_one_disease_and_it_counts(doctor, trail):
    _user, patient, visit = treated(doctor)
    cast = prescribing.Cast(_user, patient, doctor, make.pharmacist(), visit)
    with pytest.raises(RuleBroken):
        prescribing.signed(cast, diagnoses=OTHER)
    link = same(patient, doctor)
    assert [e.facts["second"] for e in trail("same-disease.confirm")] == ["I25.1"]
    services.take_back_one_disease(link, by=doctor.user, at=NOON)
    with pytest.raises(RuleBroken):
        prescribing.signed(cast, diagnoses=OTHER)
    same(patient, doctor)  # and once more
    assert prescribing.signed(cast, diagnoses=OTHER).state == "signed"


def test_a_code_as_china_extends_it_may_be_one_disease_with_another_too(doctor):
    _user, patient, _visit = treated(doctor)
    patient.person.diagnoses.filter(code="I10").update(code="I10.x00")
    assert same(patient, doctor, first="i10.X00").first == "I10.x00"


def test_the_next_order_may_name_the_other_code(doctor):
    user, patient, _visit = treated(doctor)
    same(patient, doctor)
    other = make.doctor("linyi", "林一")
    ordered = consulting.ordered(user, patient, other, diagnoses=["I25.1"])
    assert ordered.diagnoses[0]["code"] == "I25.1"
    assert ordered.diagnoses[0]["name"] != "I25.1"  # called as the catalogue calls it
    assert "VISIT-FOLLOW-UP" in ordered.eligibility.rules  # and says on whose word


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"first": "E11.9"}, "diagnosis-not-confirmed"),
        ({"second": "I10"}, "one-category"),
        ({"second": "I99.9"}, "diagnosis-unknown"),
        ({"why": "同一"}, "reason-too-short"),
        ({"why": " "}, "reason-missing"),
    ],
)
def test_a_word_without_ground_is_refused(doctor, wrong, code):
    _user, patient, _visit = treated(doctor)
    with pytest.raises(Refused) as refusal:
        same(patient, doctor, **wrong)
    assert refusal.value.code == code


def test_only_who_treats_the_patient_says_so_and_once(doctor):
    _user, patient, visit = treated(doctor)
    other = make.doctor("linyi", "林一")
    with pytest.raises(NotAllowed):
        same(patient, other)
    link = same(patient, doctor)
    with pytest.raises(WrongState):
        same(patient, doctor)
    with pytest.raises(NotAllowed):
        services.take_back_one_disease(link, by=other.user, at=NOON)
    consultations.close(visit, by=doctor.user, at=NOON)
    with pytest.raises(NotAllowed):
        same(patient, doctor, second="E11.9")
    services.take_back_one_disease(link, by=doctor.user, at=NOON)
    with pytest.raises(WrongState):
        services.take_back_one_disease(link, by=doctor.user, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(link).objects.filter(pk=link.pk).update(taken_back_at=None, taken_back_by=None)


def test_a_doctor_does_not_join_diseases_of_their_own_family(doctor):
    _user, patient, _visit = treated(doctor)
    Link.objects.create(
        account=doctor.user, patient=patient, relation="child", is_proven=True, since=NOON
    )
    with pytest.raises(NotAllowed):
        same(patient, doctor)


def test_reviewers_of_today_only(zhang, doctor):
    """A doctor without a licence in force reviews nothing."""
    paper = papers.handed_in(*zhang)
    User.objects.filter(pk=doctor.user.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        papers.confirmed(paper, User.objects.get(pk=doctor.user.pk))
