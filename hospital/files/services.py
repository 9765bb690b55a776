"""Keep a file, hand out its bytes, clear up after interrupted uploads."""

import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol
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


class Upload(Protocol):
    """What is needed of Django's `UploadedFile`."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


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
    _refuse_over_quota(by, at)
    picture = safe_picture(_read(upload))
    return _keep(
        picture.data,
        kind=kind,
        by=by,
        at=at,
        about=about,
        stream=stream,
        media_type="image/jpeg",
        name=_tidy(upload.name),
        width=picture.width,
        height=picture.height,
    )


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
    _refuse_over_quota(by, at)
    data = _read(upload)
    if not data.startswith(b"%PDF-"):
        raise Refused(_("这不是 PDF 文件。"), code="pdf-malformed")
    return _keep(
        data,
        kind=kind,
        by=by,
        at=at,
        about=about,
        stream=stream,
        media_type="application/pdf",
        name=_tidy(upload.name),
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


def _keep(data: bytes, *, by: User, at: datetime, **known: Any) -> File:
    """First the bytes, then the row: no row ever refers to a missing file."""
    file = File(
        public_id=uuid.uuid4(),
        by=by,
        at=at,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        **known,
    )
    vault.put(file.public_id, data)
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            _refuse_over_quota(by, at)
            file.save(force_insert=True)
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
    except BaseException:
        vault.drop(file.public_id)
        raise
    return file


def _refuse_over_quota(by: User, at: datetime) -> None:
    kept = selectors.kept_today(by, at)
    if kept.count >= settings.FILES_A_DAY or kept.size >= settings.FILE_BYTES_A_DAY:
        raise TooMany(_("今天上传的文件太多了，请明天再传。"), code="quota")


def _read(upload: Upload) -> bytes:
    require_size([upload])
    data = upload.read()
    scanning.require_clean(data)
    return data


def require_size(uploads: Sequence[Upload]) -> None:
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
