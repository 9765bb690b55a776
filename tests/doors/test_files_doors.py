import uuid
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from hospital.files import readers, services
from hospital.files.models import File
from tests import make
from tests.conftest import NOON
from tests.journeys.test_files import media, picture  # noqa: F401

pytestmark = pytest.mark.django_db

HERE, PATIENT = uuid.uuid4(), uuid.uuid4()


@pytest.fixture(autouse=True)
def room(monkeypatch):
    """A room whose files may be read by whoever kept them, and kept in one place."""
    monkeypatch.setattr(readers, "_kinds", {})
    readers.register(
        "test",
        may_read=lambda user, file: user.pk == file.by_id,
        may_keep=lambda _user, stream: PATIENT if stream == HERE else None,
    )
    readers.register("reports", may_read=lambda _user, _file: True)


@pytest.fixture
def dr_chen():
    return make.staff("chensiyuan", "doctor", name="陈思远")


def post(client, data=None, name="a.jpg", **fields):
    file = SimpleUploadedFile(name, data or picture())
    given = {"kind": "test", "stream": str(HERE), "file": file} | fields
    return client.post("/api/v1/files", {k: v for k, v in given.items() if v is not None})


def test_an_upload_answers_with_where_it_is(dr_chen):
    client = make.sitting_of(dr_chen)
    answer = post(client)
    file = File.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "public_id": str(file.public_id),
        "url": f"/files/{file.public_id}/",
        "width": 60,
        "height": 40,
    }
    assert (file.about, file.stream) == (PATIENT, HERE)
    shown = client.get(answer.json()["url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"kind": "unheard-of"}, 400, "kind-unknown"),
        ({"kind": "reports"}, 400, "kind-unknown"),
        ({"stream": str(uuid.uuid4())}, 404, "not-found"),
        ({"stream": None}, 404, "not-found"),
        ({"file": None}, 400, "malformed"),
        ({"extra": "1"}, 400, "malformed"),
        ({"file": SimpleUploadedFile("a.jpg", b"x")}, 400, "image-malformed"),
    ],
)
def test_what_does_not_fit_is_refused(dr_chen, fields, status, code):
    answer = post(make.sitting_of(dr_chen), **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not File.objects.exists()


def test_an_upload_that_is_too_large_is_not_even_written_to_the_disk(dr_chen, settings):
    settings.FILE_BYTES = 0
    answer = post(make.sitting_of(dr_chen), data=b"x" * 80_000)
    assert (answer.status_code, answer.json()["code"]) == (400, "file-too-large")
    assert "“a.jpg”" in answer.json()["message"]


def test_each_file_is_counted_by_itself_and_all_together(settings):
    settings.FILE_BYTES, settings.FORM_FILES_BYTES = 3_000_000, 7_000_000
    sizes = {"whole": 3_000_000, "over": 3_000_001, "also": 900_000, "late": 200_000}
    sent = {name: SimpleUploadedFile(f"{name}.pdf", b"x" * size) for name, size in sizes.items()}
    with closing(RequestFactory().post("/", sent)) as request:
        arrived = {name: (file.size, len(file.read())) for name, file in request.FILES.items()}
    assert arrived == {
        "whole": (3_000_000, 3_000_000),
        "over": (3_000_001, 0),
        "also": (900_000, 900_000),
        "late": (200_000, 0),
    }


def test_a_pharmacist_uploads_nothing():
    assert post(make.sitting_of(make.staff("luomin", "pharmacist"))).status_code == 403


def test_a_foreign_file_is_a_missing_one(dr_chen):
    url = post(make.sitting_of(dr_chen)).json()["url"]
    stranger = make.sitting_of(make.staff("zhouruolan", "doctor"))
    assert stranger.get(url).status_code == 404
    assert stranger.get(f"/files/{uuid.uuid4()}/").status_code == 404


def test_a_foreign_page_cannot_show_it(dr_chen):
    client = make.sitting_of(dr_chen)
    url = post(client).json()["url"]
    assert client.get(url, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404


def test_a_document_is_only_ever_an_attachment(dr_chen):
    document = SimpleUploadedFile('血脂"; filename=x.html.pdf', b"%PDF-1.7")
    file = services.keep_pdf(document, kind="reports", by=dr_chen, at=NOON)
    shown = make.sitting_of(dr_chen).get(f"/files/{file.public_id}/")
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%A1%80")
