"""What is handed in with a licence, what the database refuses, how it ends by date."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from doctors import selectors, services
from doctors.models import Clinician, Credential, Paper
from doctors.readers import may_read_paper
from hospital.files.models import File
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications.models import Notice
from tests import make, papers
from tests.conftest import NOON
from tests.doors.world import picture

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)
HOLDER = "11010519491231002X"
LONG = f"200911110{HOLDER}"
FILED = services.Filing("2026-110108-0042", TODAY, TODAY + timedelta(days=400), TODAY)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
INSURED = services.Insurance("平安责任险", "P2026-7788", TODAY, TODAY + timedelta(days=365))


@pytest.fixture
def who():
    return make.clinician("xunan", "许南", kind="doctor", department="皮肤科", title="attending")


def hand_in(who, *, by=None, at=NOON, **more):
    given = {
        **make.certificates(who),
        "institution": "示范大学第三医院",
        "scope": "皮肤科专业",
        "independent_since": date(2012, 7, 1),
        "valid_until": date(2035, 1, 1),
    } | more
    return services.submit_credential(who, by=by or who.user, at=at, **given)


def code_of(act) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


# --- whose it is ----------------------------------------------------------------------------------
def test_the_identity_number_is_typed_once_and_sealed(who):
    hand_in(who, qualification_no=LONG, id_number="１１０１０５１９４９１２３１００２x")
    who.refresh_from_db()
    assert who.id_number == HOLDER
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM doctors_clinician c WHERE id = %s", [who.pk])
        assert HOLDER not in cursor.fetchone()[0]


def test_a_certificate_that_does_not_hold_the_holders_number_is_refused(who):
    other = "110108199003071238"
    assert (
        code_of(lambda: hand_in(who, qualification_no=LONG, id_number=other))
        == "qualification-of-another"
    )
    assert Clinician.objects.get(pk=who.pk).id_number is None
    assert hand_in(who, qualification_no=f"200911110{other}", id_number=other)


def test_a_long_certificate_tells_whose_it_is_and_the_next_one_has_to_agree(who):
    first = hand_in(who, qualification_no=LONG)
    services.approve(first, by=make.medical_affairs(), at=NOON)
    other = "200911110110108199003071238"
    assert code_of(lambda: hand_in(who, qualification_no=other)) == "qualification-of-another"
    typed = {"qualification_no": other, "id_number": "110108199003071238"}
    assert code_of(lambda: hand_in(who, **typed)) == "id-number-fixed"


def test_a_number_mistyped_before_any_approval_can_be_corrected(who):
    wrong = hand_in(who, qualification_no="199811110110108900307123")
    services.withdraw(wrong, by=who.user, at=NOON)
    assert hand_in(who, qualification_no=LONG, id_number=HOLDER)


def test_the_same_certificate_of_two_people_is_refused_without_a_word_whose_it_is(who):
    dr_chen = make.doctor()
    other = make.certificates(who)
    for same in (
        {"qualification_no": make.QUALIFICATION},
        {"practice_no": make.PRACTICE},
        {"practice_no": make.PRACTICE.translate(WIDE)},
    ):
        with pytest.raises(Refused) as refusal:
            hand_in(who, **(other | same))
        assert refusal.value.code in {"certificate-of-another", "id-number-of-another"}
        assert dr_chen.name not in refusal.value.message
        assert refusal.value.facts == {}
    assert hand_in(dr_chen, **make.certificates(dr_chen)).state == "submitted"  # a renewal


def test_the_database_itself_refuses_the_certificate_of_another(who):
    dr_chen = make.doctor()
    known = dr_chen.credentials.get()
    fields = {
        "institution": "x",
        "scope": "x",
        "independent_since": TODAY,
        "valid_until": TODAY,
        "submitted_at": NOON,
        "submitted_by": who.user,
    }
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        Credential.objects.create(
            clinician=who, qualification_no="x", practice_no=known.practice_no, **fields
        )
    who.id_number = Clinician.objects.get(pk=dr_chen.pk).id_number
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        who.save()
    who.refresh_from_db()
    Credential.objects.create(clinician=who, qualification_no="x", practice_no="y", **fields)


def test_a_certificate_that_was_refused_was_nobodys(who):
    other = make.clinician("wutong", "吴桐", kind="doctor", department="皮肤科", title="attending")
    mine = {"qualification_no": "199811110110108900307123", "practice_no": "110110000099999"}
    taken = hand_in(other, **mine)
    services.refuse(taken, by=make.medical_affairs(), at=NOON, why="不是本人的证书")
    assert hand_in(who, **mine).state == "submitted"


def test_one_person_in_two_professions_has_one_identity_number(who):
    hand_in(who, qualification_no=LONG)
    both = services.add_clinician(
        make.staff("second", "pharmacist", name="许南"),
        kind="pharmacist",
        department=make.pharmacist().department,
        title="pharmacist",
        by=None,
        at=NOON,
    )
    given = {"qualification_no": "YX20150001", "practice_no": "SF20180042", "id_number": HOLDER}
    assert code_of(lambda: hand_in(both, **given)) == "id-number-of-another"
    Clinician.objects.filter(pk=both.pk).update(user=who.user)
    both.refresh_from_db()
    assert hand_in(both, **given).state == "submitted"


OTHER = "110108199003071238"
OF_A_PHARMACIST = {"qualification_no": "YX20150001", "practice_no": "SF20180042"}


@pytest.fixture
def two_posts():
    """One person as a doctor and as a pharmacist."""
    user = make.staff("xunan", "doctor", "pharmacist", name="许南")
    doctor = {"kind": "doctor", "department": "皮肤科", "title": "attending"}
    pharmacist = {"kind": "pharmacist", "department": "药学部", "title": "pharmacist"}
    posts = [make.clinician("xunan", "许南", **each) for each in (doctor, pharmacist)]
    assert {post.user for post in posts} == {user}
    return posts


def test_the_second_post_takes_the_number_of_the_first_and_no_other(two_posts, trail):
    doctor, pharmacist = two_posts
    first = hand_in(doctor, qualification_no=LONG)
    services.approve(first, by=make.medical_affairs(), at=NOON)
    typed = OF_A_PHARMACIST | {"id_number": OTHER}
    assert code_of(lambda: hand_in(pharmacist, **typed)) == "id-number-fixed"
    hand_in(pharmacist, **OF_A_PHARMACIST)
    pharmacist.refresh_from_db()
    assert pharmacist.id_number == HOLDER
    assert [e.subject for e in trail("clinician.identify")] == [
        f"doctors.clinician:{post.public_id}" for post in two_posts
    ]


def test_a_number_mistyped_at_one_post_is_corrected_at_both(two_posts):
    doctor, pharmacist = two_posts
    hand_in(pharmacist, **OF_A_PHARMACIST, id_number=OTHER)
    hand_in(doctor, qualification_no=LONG, id_number=HOLDER)
    assert {Clinician.objects.get(pk=post.pk).id_number for post in two_posts} == {HOLDER}


def test_the_database_itself_refuses_a_second_number_of_one_person(two_posts):
    doctor, pharmacist = two_posts
    hand_in(doctor, qualification_no=LONG)
    pharmacist.id_number = OTHER
    with pytest.raises(IntegrityError, match="a second identity number"), transaction.atomic():
        pharmacist.save()
    pharmacist.id_number = HOLDER
    pharmacist.save()


# --- where they are registered, who insures them --------------------------------------------------
@pytest.mark.parametrize(
    ("filing", "code"),
    [
        (services.Filing(), "filing-missing"),
        (replace(FILED, number=" "), "filing-missing"),
        (replace(FILED, ends_on=None), "filing-missing"),
        (replace(FILED, number="长" * 41), "filing-malformed"),
        (replace(FILED, starts_on=TODAY + timedelta(days=1)), "filing-dates"),
        (replace(FILED, ends_on=TODAY - timedelta(days=1)), "filing-dates"),
        (replace(FILED, consented_on=None), "consent-missing"),
        (replace(FILED, consented_on=TODAY + timedelta(days=1)), "consent-missing"),
    ],
)
def test_who_is_registered_elsewhere_is_filed_here_with_consent(who, filing, code):
    elsewhere = {"institution": "示范市人民医院"}
    assert code_of(lambda: hand_in(who, **elsewhere, filing=filing)) == code
    made = hand_in(who, **elsewhere, filing=FILED)
    assert (made.filing_no, made.consented_on) == ("2026-110108-0042", TODAY)


def test_who_is_registered_here_needs_no_filing(who):
    made = hand_in(who, filing=FILED)
    assert (made.filing_no, made.filing_until) == ("", None)


def test_a_filing_that_ends_ends_the_practice_here(who):
    ends = TODAY + timedelta(days=20)
    made = hand_in(who, institution="示范市人民医院", filing=replace(FILED, ends_on=ends))
    services.approve(made, by=make.medical_affairs(), at=NOON)
    assert selectors.credential_for_share(who, ends) is not None
    assert selectors.practising(ends).exists()
    assert selectors.credential_for_share(who, ends + timedelta(days=1)) is None
    assert not selectors.practising(ends + timedelta(days=1)).exists()


@pytest.mark.parametrize(
    ("insurance", "code"),
    [
        (replace(INSURED, policy_no=""), "insurance-partial"),
        (replace(INSURED, starts_on=None), "insurance-partial"),
        (replace(INSURED, ends_on=TODAY - timedelta(days=1)), "insurance-dates"),
    ],
)
def test_an_insurance_is_told_whole_or_not_at_all(who, insurance, code):
    assert code_of(lambda: hand_in(who, insurance=insurance)) == code
    made = hand_in(who, insurance=INSURED)
    made.refresh_from_db()
    assert (made.insurer, made.policy_no) == ("平安责任险", "P2026-7788")


@pytest.mark.parametrize(("text", "code"), [("皮肤", None), ("3", None), ("１３", "13")])
def test_the_subject_is_a_code_of_the_catalogue(who, text, code):
    if code is None:
        assert code_of(lambda: hand_in(who, subject_code=text)) == "subject-malformed"
    else:
        assert hand_in(who, subject_code=text).subject_code == code


def test_without_a_word_the_subject_is_the_departments(who):
    assert hand_in(who).subject_code == who.department.subject_code


# --- withdrawing, and what happens meanwhile ------------------------------------------------------
def test_the_holder_takes_back_what_waits_and_nobody_else_does(who):
    waiting = hand_in(who)
    with pytest.raises(NotAllowed):
        services.withdraw(waiting, by=make.medical_affairs(), at=NOON)
    services.withdraw(waiting, by=who.user, at=NOON)
    with pytest.raises(WrongState):
        services.approve(waiting, by=make.medical_affairs(), at=NOON)
    assert hand_in(who).state == "submitted"


def test_a_licence_that_lapsed_between_list_and_click_is_not_approved(who):
    waiting = hand_in(who, valid_until=TODAY)
    later = NOON + timedelta(days=1)
    assert (
        code_of(lambda: services.approve(waiting, by=make.medical_affairs(), at=later))
        == "credential-lapsed"
    )
    assert services.approve(waiting, by=make.medical_affairs(), at=NOON).state == "approved"


def test_who_decides_second_reads_that_it_is_decided(who):
    waiting = hand_in(who)
    services.approve(waiting, by=make.medical_affairs("yiwu1"), at=NOON)
    with pytest.raises(WrongState):
        services.refuse(waiting, by=make.medical_affairs("yiwu2"), at=NOON, why="不符")
    with pytest.raises(WrongState):
        services.approve(waiting, by=make.medical_affairs("yiwu2"), at=NOON)


# --- the end by date ------------------------------------------------------------------------------
def test_past_its_last_day_a_licence_lapses_once(trail):
    who = make.doctor(valid_until=TODAY)
    later = NOON + timedelta(days=1)
    assert services.lapse_past(at=NOON) == 0
    assert (services.lapse_past(at=later), services.lapse_past(at=later)) == (1, 0)
    lapsed = who.credentials.get()
    assert (lapsed.state, lapsed.decided_by) == ("lapsed", make.medical_affairs())
    (event,) = trail("credential.lapse")
    assert (event.actor, event.facts["clinician"]) == (None, who.public_id.hex)
    assert Notice.objects.filter(to=who.user, kind="credential.lapse").count() == 1


def test_a_suspension_does_not_lapse_and_lifted_too_late_it_does():
    who, affairs = make.doctor(valid_until=TODAY), make.medical_affairs()
    held, later = who.credentials.get(), NOON + timedelta(days=1)
    services.suspend(held, by=affairs, at=NOON, why="核查")
    assert services.lapse_past(at=later) == 0
    assert services.restore(held, by=affairs, at=later, why="核查完毕").state == "lapsed"
    assert selectors.credential_for_share(who, TODAY) is None


def told(user) -> list[str]:
    return [n.said_body for n in Notice.objects.filter(to=user, kind="credential.remind")]


def test_it_is_reminded_of_sixty_thirty_and_seven_days_before_each_once(trail):
    last = TODAY + timedelta(days=90)
    who, affairs = make.doctor(valid_until=last), make.medical_affairs()
    for left in range(90, -1, -1):
        at = NOON + timedelta(days=90 - left)
        services.remind(at=at)
        services.remind(at=at)
    assert [e.facts["days"] for e in trail("credential.remind")] == [60, 30, 7]
    assert len(told(who.user)) == 3
    assert len(told(affairs)) == 1
    assert "7" in told(affairs)[0]


def test_after_a_silence_only_the_most_urgent_reminder_is_given(trail):
    make.doctor(valid_until=TODAY + timedelta(days=5))
    assert (services.remind(at=NOON), services.remind(at=NOON)) == (1, 0)
    assert [e.facts["days"] for e in trail("credential.remind")] == [7]


# --- papers ---------------------------------------------------------------------------------------
def pdf(data=b"%PDF-1.7\n%%EOF"):
    return SimpleUploadedFile("licence.pdf", data, content_type="application/pdf")


def test_pictures_and_pdfs_stand_beside_a_licence_for_its_holder_and_medical_affairs(who, trail):
    waiting = hand_in(who)
    photo = services.add_paper(waiting, "practice", picture(), by=who.user, at=NOON)
    scan = services.add_paper(waiting, "qualification", pdf(), by=who.user, at=NOON)
    assert [p.file.media_type for p in waiting.papers.all()] == ["image/jpeg", "application/pdf"]
    other = make.doctor("zhouruolan", "周若兰")
    for paper in (photo, scan):
        assert may_read_paper(who.user, paper.file)
        assert may_read_paper(make.medical_affairs(), paper.file)
        assert not may_read_paper(other.user, paper.file)
        assert not may_read_paper(make.staff("caiwu", "finance"), paper.file)
    assert [e.facts["kind_of_paper"] for e in trail("paper.add")] == ["practice", "qualification"]


def test_who_hands_in_a_licence_for_somebody_adds_its_papers(who):
    submitter = make.medical_affairs("yiwu1")
    waiting = hand_in(who, by=submitter)
    assert services.add_paper(waiting, "practice", pdf(), by=submitter, at=NOON)


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04", b"%PDF"])
def test_a_file_that_is_none_is_refused(who, data):
    waiting = hand_in(who)
    odd = SimpleUploadedFile("licence.pdf", data)
    assert (
        code_of(lambda: services.add_paper(waiting, "practice", odd, by=who.user, at=NOON))
        == "image-malformed"
    )
    assert not waiting.papers.exists()


def test_a_paper_that_a_decision_overtook_leaves_no_file(who, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    waiting = hand_in(who)
    late = papers.Overtaken(lambda: services.approve(waiting, by=make.medical_affairs(), at=NOON))
    refused = code_of(lambda: services.add_paper(waiting, "practice", late, by=who.user, at=NOON))
    assert refused == "not-waiting"
    assert not File.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_papers_are_added_by_whom_they_concern_and_before_the_decision(who):
    waiting, other = hand_in(who), make.doctor()
    with pytest.raises(NotAllowed):
        services.add_paper(waiting, "practice", pdf(), by=other.user, at=NOON)
    assert (
        code_of(lambda: services.add_paper(waiting, "diary", pdf(), by=who.user, at=NOON))
        == "paper-unknown"
    )
    with pytest.raises(NotAllowed):  # who may approve it brings no papers for it
        services.add_paper(waiting, "practice", pdf(), by=make.medical_affairs(), at=NOON)
    paper = services.add_paper(waiting, "practice", pdf(), by=who.user, at=NOON)
    services.approve(waiting, by=make.medical_affairs(), at=NOON)
    waiting.refresh_from_db()
    assert (
        code_of(lambda: services.add_paper(waiting, "practice", pdf(), by=who.user, at=NOON))
        == "not-waiting"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).delete()
