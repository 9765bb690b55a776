"""Asks the hospital's virus scanner about an upload, before anything of it is opened.

The protocol is clamd's INSTREAM: chunks with their length before them, an empty one at the end,
one line back. Where a scanner is named it must answer: what was not looked at is not kept.
"""

import socket
import struct
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.kernel.outward import assert_no_transaction
from hospital.kernel.refusals import Refused, Unavailable

CHUNK: Final = 64 * 1024  # bytes
SECONDS: Final = 10.0


def require_clean(data: bytes) -> None:
    """Raise `Refused` (`file-infected`) for what it knows, `Unavailable` where it is silent."""
    scanner: tuple[str, int] | None = settings.VIRUS_SCANNER
    if scanner is None:
        return
    assert_no_transaction()
    try:
        verdict = _ask(scanner, data)
    except OSError as error:
        raise _silent() from error
    if verdict.endswith("FOUND"):
        raise Refused(_("这个文件里有病毒，没有保存。"), code="file-infected")
    if not verdict.endswith("OK"):
        raise _silent()


def _ask(scanner: tuple[str, int], data: bytes) -> str:
    with socket.create_connection(scanner, timeout=SECONDS) as clamd:
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            clamd.sendall(struct.pack("!I", len(part)) + part)
        clamd.sendall(struct.pack("!I", 0))
        return clamd.recv(4096).rstrip(b"\0").decode("utf-8", "replace").strip()


def _silent() -> Unavailable:
    return Unavailable(_("暂时不能检查文件是否安全，请稍后再传。"), code="scanner-unavailable")
