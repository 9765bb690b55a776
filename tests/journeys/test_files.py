import os
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from hospital.files import readers, selectors, services, vault
from hospital.files.models import File
from hospital.kernel.ciphers import Undecipherable
from hospital.kernel.refusals import Refused, TooMany, Unavailable
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def dr_chen():
    return make.staff("chensiyuan", "doctor", name="陈思远")


def picture(size=(60, 40), form="JPEG", **how):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **how)
    return out.getvalue()


def upload(data, name="皮疹.jpg"):
    return SimpleUploadedFile(name, data)


def kept(by, data=None, **how):
    return services.keep_image(upload(data or picture(), **how), kind="test", by=by, at=NOON)


def test_a_picture_is_kept_and_comes_back(dr_chen, trail):
    file = kept(dr_chen)
    data = services.read(file, by=dr_chen, at=NOON)
    assert Image.open(BytesIO(data)).size == (60, 40) == (file.width, file.height)
    assert (file.size, file.name, file.media_type) == (len(data), "皮疹.jpg", "image/jpeg")
    assert trail()[-2:] == ["file.keep", "file.read"]


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_whatever_comes_in_a_jpeg_goes_out(dr_chen, form):
    data = services.read(kept(dr_chen, picture(form=form)), by=dr_chen, at=NOON)
    assert Image.open(BytesIO(data)).format == "JPEG"


def test_neither_the_place_nor_a_comment_nor_an_appended_archive_survives(dr_chen):
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    harmful = picture(exif=exif, comment=b"<svg onload=alert(1)>") + b"PK\x03\x04archive"
    data = services.read(kept(dr_chen, harmful), by=dr_chen, at=NOON)
    for trace in (b"SECRET-CAMERA", b"onload", b"archive"):
        assert trace not in data


def test_a_picture_lying_on_its_side_is_turned_upright(dr_chen):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    file = kept(dr_chen, picture((60, 40), exif=exif))
    assert (file.width, file.height) == (40, 60)


def test_a_large_picture_becomes_small(dr_chen):
    file = kept(dr_chen, picture((5000, 1000)))
    assert (file.width, file.height) == (2048, 410)


def test_what_was_transparent_becomes_white(dr_chen):
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    data = services.read(kept(dr_chen, out.getvalue()), by=dr_chen, at=NOON)
    assert Image.open(BytesIO(data)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        picture()[:200],
        picture(form="GIF"),
        picture((8000, 5001), form="PNG"),
    ],
    ids=["noise", "svg", "eps", "cut off", "gif", "bomb"],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused_and_leaves_nothing(dr_chen, media, data):
    with pytest.raises(Refused) as refused:
        kept(dr_chen, data)
    assert refused.value.code == "image-malformed"
    assert not File.objects.exists()
    assert not list(media.rglob("*.*"))


def test_a_file_over_ten_megabytes_is_refused(dr_chen, settings):
    settings.FILE_BYTES = 100
    with pytest.raises(Refused) as refused:
        kept(dr_chen)
    assert refused.value.code == "file-too-large"


def test_an_account_has_its_share_for_one_day(dr_chen, settings):
    settings.FILES_A_DAY = 2
    kept(dr_chen)
    kept(dr_chen)
    with pytest.raises(TooMany) as refused:
        kept(dr_chen)
    assert refused.value.code == "quota"
    kept(make.staff("zhouruolan", "doctor"))
    tomorrow = NOON + timedelta(hours=12)
    services.keep_image(upload(picture()), kind="test", by=dr_chen, at=tomorrow)


def test_a_document_is_kept_as_it_is(dr_chen):
    data = b"%PDF-1.7\nreport"
    file = services.keep_pdf(upload(data, "报告.pdf"), kind="test", by=dr_chen, at=NOON)
    assert services.read(file, by=dr_chen, at=NOON) == data
    with pytest.raises(Refused) as refused:
        services.keep_pdf(upload(b"MZ", "报告.pdf"), kind="test", by=dr_chen, at=NOON)
    assert refused.value.code == "pdf-malformed"


@pytest.mark.parametrize(
    ("called", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.jpg", "a.jpg"),
        ("b\u202egpj.exe", "bgpj.exe"),
        ("长" * 300, "长" * 120),
    ],
)
def test_a_hostile_name_is_only_a_name(dr_chen, media, called, kept_as):
    document = upload(b"%PDF-1.7")
    document._name = called
    file = services.keep_pdf(document, kind="test", by=dr_chen, at=NOON)
    assert file.name == kept_as
    assert [p.name for p in media.rglob("*.*")] == [f"{file.public_id}.sealed"]


def test_nothing_of_it_lies_readable_on_the_disk_and_a_changed_or_moved_file_does_not_open(
    dr_chen, media
):
    first = services.keep_pdf(upload(b"%PDF-1 one"), kind="test", by=dr_chen, at=NOON)
    second = services.keep_pdf(upload(b"%PDF-1 two"), kind="test", by=dr_chen, at=NOON)
    a, b = (next(media.rglob(f"{f.public_id}.sealed")) for f in (first, second))
    assert b"PDF" not in a.read_bytes()
    assert a.stat().st_mode & 0o077 == 0
    b.write_bytes(a.read_bytes())
    with pytest.raises(Undecipherable):
        vault.get(second.public_id)
    a.write_bytes(a.read_bytes()[:-1] + b"\0")
    with pytest.raises(Undecipherable):
        vault.get(first.public_id)


def test_a_full_disk_leaves_neither_row_nor_part(dr_chen, media, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Unavailable) as refused:
        kept(dr_chen)
    assert refused.value.code == "storage"
    assert not File.objects.exists()
    assert not list(media.rglob("*.*"))


def test_what_an_interrupted_upload_left_is_swept_after_an_hour(dr_chen, media):
    file = kept(dr_chen)
    vault.put(uuid.uuid4(), b"data")
    part = media / "ab" / f"{uuid.uuid4()}.part"
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(b"half")
    long_ago = (NOON - timedelta(hours=2)).timestamp()
    for path in media.rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    assert services.sweep(at=NOON) == 2
    assert [p.stem for p in media.rglob("*.*")] == [str(file.public_id)]


def test_a_file_is_read_by_whom_its_room_says_and_by_nobody_where_no_room_answers(
    dr_chen, monkeypatch
):
    file = kept(dr_chen)
    monkeypatch.setattr(readers, "_kinds", {})
    assert selectors.readable(dr_chen, file.public_id) is None
    readers.register("test", may_read=lambda user, file: user.pk == file.by_id)
    assert selectors.readable(dr_chen, file.public_id) == file
    assert selectors.readable(make.staff("zhouruolan", "doctor"), file.public_id) is None
    assert selectors.readable(dr_chen, uuid.uuid4()) is None


def test_the_database_lets_nobody_change_or_remove_a_file(dr_chen):
    file = kept(dr_chen)
    with pytest.raises(DatabaseError), transaction.atomic():
        File.objects.filter(pk=file.pk).update(kind="other")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM files_file")
