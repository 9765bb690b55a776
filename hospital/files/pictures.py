"""Calls the process that makes a picture safe, and waits for it."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused

PATIENCE: Final = 30  # seconds; the process has less processor time than that


@dataclass(frozen=True)
class Picture:
    data: bytes
    width: int
    height: int


def safe_picture(raw: bytes) -> Picture:
    """The upload as a harmless JPEG; refused where it is no JPEG, PNG or WebP, or is too large."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hospital.files.recoding"],
            cwd=settings.BASE_DIR,
            env={"PATH": ""},
            input=raw,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Refused(
            _("这张图片打不开。请换一张 JPG、PNG 或 WebP 图片。"), code="image-malformed"
        ) from error
    size, _newline, data = done.stdout.partition(b"\n")
    width, height = map(int, size.split(b"x"))
    return Picture(data, width, height)
