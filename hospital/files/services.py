"""Keep a file, hand out its bytes, clear up after interrupted uploads."""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.files import scanning, selectors, vault
from hospital.files.limits import megabytes
from hospital.files.models import File
from hospital.files.pictures import safe_picture
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, TooMany

_PDF: Final = b"%PDF-"


class Upload(Protocol):
    """What is needed of Django's `UploadedFile`."""

    name: str | None
    size: int | None

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, position: int, /) -> int: ...


def keep_image(
    upload: Upload,
    *,
    kind: str,
    by: User,
    at: datetime,
    about: UUID | None = None,
    stream: UUID | None = None,
) -> File:
    """Keep the pixels of a picture. Not atomic: the picture is made safe outside transactions.

    Refuses what is too large (`file-too-large`), no picture (`image-malformed`), or too much for
    one day (`quota`).
    """
    known = {"kind": kind, "about": about, "stream": stream}
    return _kept(upload, _picture, by=by, at=at, **known)


def keep_pdf(
    upload: Upload,
    *,
    kind: str,
    by: User,
    at: datetime,
    about: UUID | None = None,
    stream: UUID | None = None,
) -> File:
    """Keep a document as it is. It is only ever handed out as an attachment."""
    known = {"kind": kind, "about": about, "stream": stream}
    return _kept(upload, _document, by=by, at=at, **known)


@contextmanager
def stowed(
    uploads: Sequence[Upload], *, kind: str, by: User, at: datetime, about: UUID | None = None
) -> Iterator[list[File]]:
    """Pictures and PDFs made safe, their bytes in place; within it the caller writes the rows.

    By `enter`, in one transaction with what they belong to: where that fails, or any of them is
    refused, nothing of any is left. What a crash leaves the sweep finds.
    """
    with _stowed(uploads, _either, kind=kind, by=by, at=at, about=about) as files:
        yield files


def enter(files: Sequence[File], *, by: User, at: datetime) -> None:
    """Write the rows of stowed files, in the caller's transaction; each is in the trail."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _refuse_over_quota(by, at, more=len(files))
    File.objects.bulk_create(files)
    for file in files:
        audit.record(
            "file.keep",
            by=by,
            on=file,
            at=at,
            about=file.about,
            stream=file.stream,
            kind_of_file=file.kind,
            size=file.size,
        )


@transaction.atomic
def read(file: File, *, by: Any, at: datetime) -> bytes:
    """The bytes, and a line in the trail. Whether `by` may is the selector's to say."""
    audit.record("file.read", by=by, on=file, at=at, about=file.about, stream=file.stream)
    return vault.get(file.public_id)


def forget(public_ids: Iterable[UUID]) -> None:
    """Remove the bytes of files whose rows are gone. What a crash leaves here the sweep finds."""
    for public_id in public_ids:
        vault.drop(public_id)


def sweep(*, at: datetime) -> int:
    """Remove what interrupted uploads left behind: no row refers to it."""
    parts, files = vault.stray(at=at)
    known = set(File.objects.filter(public_id__in=files).values_list("public_id", flat=True))
    orphans = [path for public_id, path in files.items() if public_id not in known]
    for path in (*parts, *orphans):
        path.unlink(missing_ok=True)
    return len(parts) + len(orphans)


class _Safe(NamedTuple):
    """What will be served."""

    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


def _picture(upload: Upload) -> _Safe:
    picture = safe_picture(_read(upload))
    return _Safe(picture.data, "image/jpeg", picture.width, picture.height)


def _document(upload: Upload) -> _Safe:
    data = _read(upload)
    if not data.startswith(_PDF):
        raise Refused(_("这不是 PDF 文件。"), code="pdf-malformed")
    return _Safe(data, "application/pdf")


def _either(upload: Upload) -> _Safe:
    is_pdf = upload.read(len(_PDF)) == _PDF
    upload.seek(0)
    return _document(upload) if is_pdf else _picture(upload)


def _kept(
    upload: Upload, made_safe: Callable[[Upload], _Safe], *, by: User, at: datetime, **known: Any
) -> File:
    with _stowed([upload], made_safe, by=by, at=at, **known) as files, transaction.atomic():
        enter(files, by=by, at=at)
    return files[0]


@contextmanager
def _stowed(
    uploads: Sequence[Upload],
    made_safe: Callable[[Upload], _Safe],
    *,
    by: User,
    at: datetime,
    **known: Any,
) -> Iterator[list[File]]:
    """First the bytes, then the rows: no row ever refers to a missing file."""
    _require_size(uploads)
    _refuse_over_quota(by, at, more=len(uploads))
    files: list[File] = []
    try:
        for upload in uploads:
            safe = made_safe(upload)
            file = File(
                public_id=uuid.uuid4(),
                by=by,
                at=at,
                media_type=safe.media_type,
                size=len(safe.data),
                width=safe.width,
                height=safe.height,
                digest=hashlib.sha256(safe.data).hexdigest(),
                name=_tidy(upload.name),
                **known,
            )
            vault.put(file.public_id, safe.data)
            files.append(file)
        yield files
    except BaseException:
        forget(file.public_id for file in files)
        raise


def _refuse_over_quota(by: User, at: datetime, *, more: int) -> None:
    kept = selectors.kept_today(by, at)
    if kept.count + more > settings.FILES_A_DAY or kept.size >= settings.FILE_BYTES_A_DAY:
        raise TooMany(_("今天上传的文件太多了，请明天再传。"), code="quota")


def _read(upload: Upload) -> bytes:
    data = upload.read()
    scanning.require_clean(data)
    return data


def _require_size(uploads: Sequence[Upload]) -> None:
    """Refuse what is too large by itself (`file-too-large`) or together (`files-too-large`)."""
    for upload in uploads:
        if (upload.size or 0) > settings.FILE_BYTES:
            told = {"name": _tidy(upload.name), "most": megabytes(settings.FILE_BYTES)}
            raise Refused(
                _("“%(name)s”太大了，每个文件最大 %(most)s MB。") % told, code="file-too-large"
            )
    if sum(upload.size or 0 for upload in uploads) > settings.FORM_FILES_BYTES:
        raise Refused(
            _("这些文件加起来太大了，一次最多 %(most)s MB。请少选几个，分几次上传。")
            % {"most": megabytes(settings.FORM_FILES_BYTES)},
            code="files-too-large",
        )


def _tidy(name: str | None) -> str:
    """The name as a person called it, without folders and invisible marks."""
    return prose(re.split(r"[/\\]", name or "")[-1].replace("\n", " "), limit=10_000)[:120]
