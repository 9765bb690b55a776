"""Throws away what of a form's files is over the limits, while it arrives."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class TooLarge(UploadedFile):  # type: ignore[type-arg]
    """Of a file over the limits: its name and its true size, by which it is refused, no bytes."""


class Limit(FileUploadHandler):
    """First of `FILE_UPLOAD_HANDLERS`: counts each file, and all files of the form together.

    The rest of the form is read, so that it can be answered.
    """

    arrived = 0  # bytes of all files so far
    is_over = False  # the file that is arriving

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.is_over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.arrived += len(raw_data)
        this_file = start + len(raw_data)
        if this_file > settings.FILE_BYTES or self.arrived > settings.FORM_FILES_BYTES:
            self._throw_away()
        return None if self.is_over else raw_data

    def file_complete(self, file_size: int) -> TooLarge | None:
        if not self.is_over:
            return None
        return TooLarge(BytesIO(), self.file_name, self.content_type, file_size, self.charset)

    def _throw_away(self) -> None:
        """What the handlers behind this one have of the file; a temporary one is then gone."""
        self.is_over = True
        request: Any = self.request
        for handler in request.upload_handlers:
            if hasattr(handler, "file"):
                handler.file.close()


def megabytes(size: int) -> int:
    """As people are told."""
    return size // 1024 // 1024
