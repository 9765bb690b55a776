"""The roster in the back office, and one's own duty."""

from datetime import datetime, timedelta

import pytest

from doctors import services
from doctors.models import Duty
from hospital.kernel.calendar import BEIJING, local_date
from hospital.kernel.clock import database_now
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return database_now()


@pytest.fixture
def luo(at):
    return make.pharmacist(at=at)


def of(role, at):
    return make.sitting_of(make.staff(role, role, at=at))


def wall(moment):
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def test_the_week_shows_who_is_there_now_and_offers_what_may_be_done(luo, at):
    page = of("pharmacy", at).get("/admin/duty/")
    assert page.status_code == 200
    said = page.content.decode()
    assert "罗敏 · 药学部" in said
    assert "现在下班" in said
    assert "kind=doctor" not in said  # which is another office's


def test_a_duty_is_written_as_the_clock_in_beijing_has_it_and_mistakes_stay_on_the_page(luo, at):
    pharmacy = of("pharmacy", at)
    start = datetime.combine(
        local_date(at) + timedelta(days=2), datetime.min.time().replace(hour=8), BEIJING
    )
    wish = {
        "kind": "pharmacist",
        "clinician": luo.public_id,
        "starts_at": wall(start),
        "ends_at": wall(start + timedelta(hours=8)),
    }
    answer = pharmacy.post("/admin/duty/add/", wish)
    assert answer.status_code == 302
    assert Duty.objects.filter(starts_at=start).exists()
    again = pharmacy.post("/admin/duty/add/", wish)
    assert again.status_code == 422
    assert "这段时间已经排过班" in again.content.decode()
    for wrong in ({"clinician": "x"}, {"starts_at": "soon"}, {"clinician": luo.user.public_id}):
        assert pharmacy.post("/admin/duty/add/", wish | wrong).status_code == 422


def test_the_outpatient_office_neither_sees_nor_changes_the_pharmacists(luo, at):
    office = of("outpatient_office", at)
    duty = luo.duties.get()
    assert office.post(f"/admin/duty/{duty.public_id}/shorten/").status_code == 404
    assert "罗敏" not in office.get("/admin/duty/?kind=pharmacist").content.decode()


def test_ending_a_duty_now_and_copying_a_week(luo, at):
    affairs = of("medical_affairs", at)
    assert affairs.post(f"/admin/duty/{luo.duties.get().public_id}/shorten/").status_code == 302
    assert luo.duties.get().ends_at < database_now()
    duty = services.roster(
        luo,
        starts_at=at + timedelta(days=1),
        ends_at=at + timedelta(days=1, hours=2),
        by=make.medical_affairs(),
        at=at,
    )
    week = {"kind": "pharmacist", "week": local_date(duty.starts_at).isoformat()}
    assert affairs.post("/admin/duty/copy/", week).status_code == 302
    assert luo.duties.filter(starts_at=duty.starts_at + timedelta(days=7)).exists()
    assert affairs.post(f"/admin/duty/{duty.public_id}/cancel/").status_code == 302
    assert not Duty.objects.filter(pk=duty.pk).exists()


def test_a_duty_ends_now_only_where_no_moment_is_asked_for(luo, at):
    affairs, before = of("medical_affairs", at), luo.duties.get().ends_at
    address = f"/admin/duty/{luo.duties.get().public_id}/shorten/"
    for wrong in ("soon", "2026-02-30T08:00", " "):
        assert affairs.post(address, {"ends_at": wrong}).status_code == 400
        assert luo.duties.get().ends_at == before
    earlier = (before - timedelta(hours=1)).replace(second=0, microsecond=0)
    assert affairs.post(address, {"ends_at": wall(earlier)}).status_code == 302
    assert luo.duties.get().ends_at == earlier
    assert affairs.post(address, {"ends_at": ""}).status_code == 302
    assert luo.duties.get().ends_at < database_now()


def test_a_pharmacist_sees_their_own_duty_and_nobody_elses(luo, at):
    other = make.pharmacist("hejing", "何静", at=at, on_duty=False)
    page = make.sitting_of(luo.user).get("/doctor/duty/").content.decode()
    assert "正在值班" in page
    page = make.sitting_of(other.user).get("/doctor/duty/").content.decode()
    assert "接下来没有排班" in page


@pytest.mark.parametrize("week", ["x", "9999-12-31", "0001-01-01"])
def test_a_week_that_is_none_is_this_one(luo, at, week):
    assert of("pharmacy", at).get(f"/admin/duty/?week={week}").status_code == 200
