"""外院病历 over HTTP: how large its pages may be, and who is handed them."""

import uuid
from datetime import date
from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from hospital.files.models import File
from patients.models import Evidence
from tests import consulting, make, papers
from tests.journeys.test_files import media  # noqa: F401

pytestmark = pytest.mark.django_db

MB = 1024 * 1024


@pytest.fixture
def zhang():
    """张华, never seen at this hospital."""
    who = consulting.person("张华", "13800006640", date(1969, 5, 4))
    user = consulting.account("13800006640", "张华")
    return user, consulting.known(user, who)


@pytest.fixture
def doctor():
    return make.doctor()


def scan(name: str, size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, papers.PDF.ljust(size, b"\n"), content_type="application/pdf")


def photo(name: str) -> SimpleUploadedFile:
    """As a phone takes it: 1400 × 1500 points, three bytes each that nothing makes smaller."""
    drawn, noise = BytesIO(), Random(6).randbytes(1400 * 1500 * 3)
    Image.frombytes("RGB", (1400, 1500), noise).save(drawn, "PNG", compress_level=1)
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


def hand_in(zhang, doctor, *pages):
    user, patient = zhang
    told = {"kind": "outpatient_record", "department": doctor.department.code, "pages": pages}
    told["idempotency_key"] = str(uuid.uuid4())  # as the page's form has it
    url = reverse("patients:paper-new", args=[patient.public_id])
    return make.sitting_of(user).post(url, told)


def test_a_paper_of_two_pages_of_six_megabytes_is_handed_in(zhang, doctor):
    first, second = photo("首页.png"), scan("次页.pdf", 6 * MB)
    assert first.size > 6 * MB
    assert hand_in(zhang, doctor, first, second).status_code == 302
    paper = Evidence.objects.get()
    kept = [page.file for page in paper.pages.order_by("pk")]
    assert [file.name for file in kept] == ["首页.png", "次页.pdf"]
    assert kept[1].size == 6 * MB


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ({"首页.pdf": 1 * MB, "次页.pdf": 10 * MB + 1}, "“次页.pdf”太大了，每个文件最大 10 MB"),
        ({f"{n}.pdf": 9 * MB for n in range(5)}, "加起来太大了，一次最多 40 MB"),
    ],
)
def test_what_is_too_large_is_named_as_that_and_nothing_is_kept(zhang, doctor, pages, says):
    answer = hand_in(zhang, doctor, *(scan(name, size) for name, size in pages.items()))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not File.objects.exists()


def test_the_form_says_what_it_takes(zhang, doctor):
    user, patient = zhang
    page = make.sitting_of(user).get(reverse("patients:paper-new", args=[patient.public_id]))
    assert "最多 6 个，每个最大 10 MB，一共最大 40 MB" in page.content.decode()


def test_ten_megabytes_each_and_forty_together_are_taken(zhang, doctor):
    pages = [scan(f"{n}.pdf", 10 * MB) for n in range(4)]
    assert hand_in(zhang, doctor, *pages).status_code == 302
    assert Evidence.objects.get().pages.count() == 4


def test_a_page_in_pdf_is_only_ever_downloaded_by_its_owner_and_who_reviews_it(zhang, doctor):
    paper = papers.handed_in(*zhang, uploads=[papers.pdf("出院小结.pdf")])
    there = reverse("files:read", args=[paper.pages.get().file.public_id])
    for reader in (zhang[0], doctor.user, make.staff("menban", "outpatient_office")):
        given = make.sitting_of(reader).get(there)
        assert (given.status_code, given["Content-Type"]) == (200, "application/pdf")
        assert given.content == papers.PDF
        assert given["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%87%BA")
        assert given["X-Content-Type-Options"] == "nosniff"
        assert given["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert given["Cache-Control"] == "private, no-store"
    elsewhere = make.doctor("zhouping", "周平", department="内分泌科")
    for stranger in (consulting.wang()[0], elsewhere.user, make.medical_affairs()):
        assert make.sitting_of(stranger).get(there).status_code == 404
    assert Client().get(there).status_code == 302


def test_each_look_at_a_page_is_in_the_trail(zhang, doctor, trail):
    paper = papers.handed_in(*zhang, uploads=[papers.pdf()])
    there = reverse("files:read", args=[paper.pages.get().file.public_id])
    make.sitting_of(doctor.user).get(there)
    make.sitting_of(consulting.wang()[0]).get(there)
    (look,) = trail("file.read")
    assert (look.actor, look.about) == (doctor.user.public_id, zhang[1].public_id)
