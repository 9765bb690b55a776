"""Makes a picture safe: `python -m hospital.files.recoding < upload > picture`.

Runs as a process of its own, with little memory and little time, so that a picture made to harm
harms only this process. Writes `<width>x<height>`, a newline and a JPEG that holds nothing but
pixels: no comment, no place where it was taken, no trailing archive. Any failure is exit code 1.
"""

import resource
import sys
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MAX_PIXELS: Final = 40_000_000
LONGEST: Final = 2048  # pixels of the longer side, afterwards
QUALITY: Final = 85
MEMORY: Final = 1024 * 1024 * 1024  # bytes of address space
SECONDS: Final = 20  # of processor time


def recode(raw: bytes) -> tuple[bytes, int, int]:
    """The picture upright, flat and small, as JPEG, with its size. Fails on whatever is none."""
    Image.MAX_IMAGE_PIXELS = None  # asked below, from the header, before anything is decoded
    with Image.open(BytesIO(raw), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded small at once
        ImageOps.exif_transpose(image, in_place=True)
        clean = _pixels_of(image)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), clean.width, clean.height


def _pixels_of(image: Image.Image) -> Image.Image:
    """A new picture with the pixels alone, on white where the old one was transparent."""
    layered = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    layered.thumbnail((LONGEST, LONGEST))
    clean = Image.new("RGB", layered.size, "white")
    clean.paste(layered, mask=layered.getchannel("A") if layered.mode == "RGBA" else None)
    return clean


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    picture, width, height = recode(sys.stdin.buffer.read())
    sys.stdout.buffer.write(f"{width}x{height}\n".encode() + picture)


if __name__ == "__main__":
    main()
