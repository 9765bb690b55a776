"""Throws away a file that is too large while it arrives, before any of it is on the disk."""

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

ROOM: Final = 64 * 1024  # bytes of a form beside its file


def is_too_large(length: int) -> bool:
    return length > settings.FILE_BYTES + ROOM


class Limit(FileUploadHandler):
    """First of `FILE_UPLOAD_HANDLERS`. The rest of the form is read, so that it can be answered."""

    is_over = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's signature
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.is_over = is_too_large(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self.is_over:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
