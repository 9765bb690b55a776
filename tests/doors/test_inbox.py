"""线上电子流: one queue of all that waits for one's decision, each with its papers beside it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from admin_portal.inbox import frame, merging
from doctors import services as doctors
from doctors.models import Clinician, Credential
from hospital.accounts import services as accounts
from hospital.accounts.models import RoleChange
from hospital.files import services as files
from hospital.kernel import identity
from patients import services as patients
from tests import consulting, letting_in, make
from tests.conftest import NOON
from tests.doors.world import picture as a_picture
from tests.make import sitting_of, staff

BOTH = ["default", "trail"]
INLINE = re.compile(rb"<style|\sstyle=|\son[a-z]+=|<script>|javascript:", re.I)
ITEM = re.compile(r'href="(/admin/inbox/\w+/[0-9a-f-]+/)"')


def handed_in(number=1, *, at=NOON, by=None, days=1000):
    """A licence that waits."""
    who = make.clinician(
        f"new-{number}",
        f"新{'零一二三四五六七八九十甲乙'[number]}",
        kind="doctor",
        department="内分泌科",
        title="attending",
    )
    return doctors.submit_credential(
        who,
        **make.certificates(who),
        institution="示范大学第三医院",
        scope="内科专业",
        independent_since=NOON.date() - timedelta(days=2000),
        valid_until=NOON.date() + timedelta(days=days),
        by=by or who.user,
        at=at,
    )


def of_three_kinds():
    """A licence, a look through break-glass and a correction, handed in in this order."""
    user, patient = consulting.wang()
    first = handed_in(1, at=NOON - timedelta(days=2))
    glass = letting_in.over(patient, make.doctor("hanlei", "韩磊"), at=NOON - timedelta(days=1))
    wrong = patients.ask_correction(patient, what="既往史写错了", by=user, at=NOON)
    return first, glass, wrong


def page_of(row, kind="credential", step=""):
    return f"/admin/inbox/{kind}/{row.public_id}/{step}"


def listed(client, query=""):
    return ITEM.findall(client.get(f"/admin/inbox/{query}").content.decode())


@pytest.mark.django_db(databases=BOTH)
def test_all_that_waits_stands_in_one_list_the_oldest_first():
    licence, glass, wrong = of_three_kinds()
    affairs = sitting_of(make.medical_affairs())
    assert listed(affairs) == [
        page_of(licence),
        page_of(glass, "glass"),
        page_of(wrong, "correction"),
    ]
    assert listed(affairs, "?kind=glass") == [page_of(glass, "glass")]
    assert "件事等您审批" in affairs.get("/admin/").content.decode()
    assert listed(sitting_of(staff("caiwu", "finance"))) == []


@pytest.mark.django_db(databases=BOTH)
def test_the_list_asks_once_for_each_kind_however_long_it_is_and_counts_nothing():
    of_three_kinds()
    affairs = sitting_of(make.medical_affairs())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert affairs.get("/admin/inbox/").status_code == 200
        return [each["sql"] for each in queries]

    few = asked()
    for number in range(2, 12):
        handed_in(number)
    many = asked()
    kinds = len(frame.kinds_for(make.medical_affairs()))
    assert len(many) == len(few) <= kinds + 7
    assert not [sql for sql in many if "COUNT(" in sql]


@pytest.mark.django_db(databases=BOTH)
def test_pages_go_on_by_key_and_lose_and_repeat_nothing_even_at_one_moment():
    _licence, _glass, wrong = of_three_kinds()
    for number in range(2, 9):
        handed_in(number)  # all at the moment of the correction
    by = make.medical_affairs()
    kinds, after, seen = frame.kinds_for(by), None, []
    while True:
        entries, more = merging.queue(by, NOON, kinds, after=after, size=2)
        seen += [entry.key for entry in entries]
        if more is None:
            break
        after = merging.key_of(more)
    whole = [entry.key for entry in merging.queue(by, NOON, kinds)[0]]
    assert seen == whole == sorted(whole)
    assert len(seen) == 10
    assert (NOON, "correction", wrong.pk) in seen
    affairs = sitting_of(by)
    assert affairs.get("/admin/inbox/?after=x").status_code == 400
    assert affairs.get("/admin/inbox/?after=2026-01-01T00:00:00~credential~1").status_code == 400
    late = f"{(NOON + timedelta(days=1)).isoformat()}~credential~1".replace("+", "%2B")
    assert listed(affairs, f"?after={late}") == []


@pytest.mark.django_db
def test_nobody_is_shown_what_they_handed_in_themselves_or_what_is_about_them():
    by = make.medical_affairs()
    own = handed_in(1, by=by)
    affairs, colleague = sitting_of(by), sitting_of(staff("yiwu2", "medical_affairs"))
    assert listed(affairs) == []
    assert affairs.get(page_of(own)).status_code == 404
    assert affairs.post(page_of(own, step="approve/")).status_code == 404
    assert listed(colleague) == [page_of(own)]
    assert colleague.get(page_of(own)).status_code == 200
    doctor_too = sitting_of(staff("new-1", "doctor"))
    assert doctor_too.get("/admin/inbox/").status_code == 403


@pytest.mark.django_db
def test_a_role_waits_for_the_second_security_administrator_only():
    first, second = staff("anquan1", "security_admin"), staff("anquan2", "security_admin")
    asked = accounts.ask_role(staff("li", "doctor"), "pharmacy", by=first, at=NOON, why="兼任")
    assert listed(sitting_of(first)) == []
    assert sitting_of(first).get(page_of(asked, "role")).status_code == 404
    assert listed(sitting_of(second)) == [page_of(asked, "role")]
    auditor = sitting_of(staff("shenji", "audit_admin"))  # sees the table, decides nothing
    assert listed(auditor) == []
    assert auditor.get(page_of(asked, "role")).status_code == 404
    assert sitting_of(second).post(page_of(asked, "role", "grant/")).status_code == 302
    assert RoleChange.objects.get(pk=asked.pk).state == "done"


@pytest.mark.django_db(databases=BOTH)
def test_after_a_decision_the_next_one_opens_and_after_the_last_the_list(trail):
    licence, glass, wrong = of_three_kinds()
    affairs = sitting_of(make.medical_affairs())
    answer = affairs.post(page_of(licence, step="approve/"))
    assert answer["Location"] == page_of(glass, "glass")
    assert trail("credential.approve")[-1].subject.endswith(str(licence.public_id))
    why = {"refuse-why": "记录无误"}
    answer = affairs.post(page_of(wrong, "correction", "refuse/"), why)
    assert answer["Location"] == page_of(glass, "glass")  # behind the last, the oldest again
    answer = affairs.post(page_of(glass, "glass", "justify/"), {"justify-why": "急诊记录属实"})
    assert answer["Location"] == "/admin/inbox/"
    assert "现在没有等您审批的事" in affairs.get("/admin/inbox/").content.decode()


@pytest.mark.django_db
def test_a_refusal_needs_its_reason_and_the_page_says_so():
    waiting = handed_in()
    affairs = sitting_of(make.medical_affairs())
    answer = affairs.post(page_of(waiting, step="refuse/"), {"refuse-why": " "})
    assert answer.status_code == 422
    assert 'name="refuse-why"' in answer.content.decode()
    assert Credential.objects.get(pk=waiting.pk).state == "submitted"
    answer = affairs.post(page_of(waiting, step="refuse/"), {"refuse-why": "照片不清楚"})
    assert answer.status_code == 302
    assert Credential.objects.get(pk=waiting.pk).why == "照片不清楚"


@pytest.mark.django_db
def test_whoever_comes_second_reads_who_was_first():
    waiting, other = handed_in(1), handed_in(2)
    first, second = staff("yiwu1", "medical_affairs", name="李一"), make.medical_affairs()
    browser = sitting_of(second)
    assert 'name="refuse-why"' in browser.get(page_of(waiting)).content.decode()
    assert sitting_of(first).post(page_of(waiting, step="approve/")).status_code == 302
    late = browser.post(page_of(waiting, step="refuse/"), {"refuse-why": "照片不清楚"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "李一已经先一步处理" in text
    assert "已通过" in text
    assert "<form" not in text.partition('<div id="content"')[2]
    assert page_of(other) in text  # and goes on
    again = browser.get(page_of(waiting))
    assert again.status_code == 200
    assert "李一已经先一步处理" in again.content.decode()
    assert Credential.objects.get(pk=waiting.pk).decided_by == first


@pytest.mark.django_db
def test_what_would_change_stands_beside_what_is_in_force():
    who = make.doctor("zhouruolan", "周若兰")
    doctors.submit_credential(
        who,
        qualification_no=make.certificates(who)["qualification_no"],
        practice_no="110110000054321",
        institution="示范大学第三医院",
        scope="全科医学专业",
        independent_since=NOON.date() - timedelta(days=5000),
        valid_until=NOON.date() + timedelta(days=1000),
        by=who.user,
        at=NOON,
    )
    waiting = Credential.objects.get(clinician=who, state="submitted")
    answer = sitting_of(make.medical_affairs()).get(page_of(waiting))
    told = {str(fact.label): fact for fact in answer.context["facts"]}
    assert (told["执业范围"].value, told["执业范围"].before) == ("全科医学专业", "内科专业")
    assert told["执业范围"].differs
    assert not told["执业机构"].differs
    assert not told["资格证书编码"].differs
    assert told["执业证书编码"].differs  # though both end in the same masked way or not
    assert "110110000054321" not in answer.content.decode()
    assert "现行" in answer.content.decode()
    assert "以前的记录" in answer.content.decode()


@pytest.mark.django_db
def test_whose_licence_it_is_stands_masked_before_the_approver():
    waiting = handed_in()
    number = Clinician.objects.get(pk=waiting.clinician_id).id_number
    affairs = sitting_of(make.medical_affairs())
    for page in (page_of(waiting), f"/admin/doctors/credential/{waiting.pk}/change/"):
        shown = affairs.get(page).content.decode()
        assert identity.masked(number) in shown
        assert number not in shown


@pytest.mark.django_db
def test_a_licence_that_ran_out_while_it_waited_is_pointed_out():
    gone = handed_in(1, at=NOON - timedelta(days=40), days=-30)
    good = handed_in(2, days=4000)
    affairs = sitting_of(make.medical_affairs())
    assert "有效期已过" in affairs.get(page_of(gone)).content.decode()
    assert "有效期已过" not in affairs.get(page_of(good)).content.decode()


@pytest.mark.django_db(databases=BOTH)
def test_reading_what_a_patient_wrote_is_in_the_trail_and_is_over_once_it_is_answered(trail):
    *_others, wrong = of_three_kinds()
    affairs = sitting_of(make.medical_affairs())
    assert "既往史写错了" not in affairs.get("/admin/inbox/").content.decode()
    assert "既往史写错了" in affairs.get(page_of(wrong, "correction")).content.decode()
    read = [each for each in trail("record.read") if each.about == wrong.patient.public_id]
    assert len(read) == 1
    affairs.post(page_of(wrong, "correction", "make/"), {"make-why": "更正为无手术史"})
    after = affairs.get(page_of(wrong, "correction"))
    assert after.status_code == 200
    assert "既往史写错了" not in after.content.decode()


@pytest.mark.django_db(databases=BOTH)
def test_every_page_of_it_is_cheap_and_keeps_to_the_policy_of_content():
    licence, glass, wrong = of_three_kinds()
    affairs = sitting_of(make.medical_affairs())
    kinds = len(frame.kinds_for(make.medical_affairs()))
    pages = [page_of(licence), page_of(glass, "glass"), page_of(wrong, "correction")]
    for page in ["/admin/inbox/", *pages]:
        with CaptureQueriesContext(connection) as asked:
            answer = affairs.get(page)
        assert answer.status_code == 200
        assert len(asked) <= 2 * kinds + 16, page
        assert not INLINE.search(answer.content), page
    assert affairs.get(f"/admin/inbox/credential/{uuid4()}/").status_code == 404


@pytest.mark.django_db
def test_a_picture_stands_beside_and_a_pdf_is_offered_each_through_the_door_that_asks_who_may():
    who = make.doctor("zhouruolan", "周若兰").user
    kept = {"kind": "credential-paper", "by": who, "at": NOON}
    picture = files.keep_image(a_picture(), **kept)
    pdf = files.keep_pdf(SimpleUploadedFile("执业证.pdf", b"%PDF-1.4 paper"), **kept)
    papers = [frame.Document("资格证书", picture), frame.Document("执业证书", pdf)]
    kind = next(each for each in frame.every_kind() if each.name == "credential")
    text = render_to_string(
        "admin/inbox/item.html", {"kind": kind, "papers": papers, "facts": [], "title": "周若兰"}
    )
    assert f'<img src="/files/{picture.public_id}/" alt="资格证书" width="6" height="4"' in text
    assert f'href="/files/{pdf.public_id}/"' in text
    assert "执业证.pdf" in text
    assert f'<img src="/files/{pdf.public_id}/"' not in text
