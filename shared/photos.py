"""Photos as they are kept: decoded and written anew, so that nothing of a file is left but what it shows."""

from __future__ import annotations

import threading
from hashlib import blake2b
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MOST_BYTES: Final = 12_000_000
"""Of a file, as phones write them."""
MOST_PIXELS: Final = 50_000_000
"""Of a picture before it is made smaller: what the best phones take. A bomb claims far more."""
LONGEST: Final = 1600
"""Pixels of the longer side afterwards: sharp across a page, and a few hundred kilobytes."""
_QUALITY: Final = 82
_KINDS: Final = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME: Final = threading.Lock()
"""A large picture takes hundreds of megabytes while it is decoded."""


class PhotoError(Exception):
    """A file that is not taken as a photo; the message says which is."""


class Picture(NamedTuple):
    """A photo as a JPEG without anything else in it."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> bytes:
        """The same for the same picture."""
        return blake2b(self.content, digest_size=16).digest()


def picture(raw: bytes) -> Picture:
    """Make a file anew, upright and no larger than it is shown; raises PhotoError."""
    if len(raw) > MOST_BYTES:
        raise PhotoError("The photo has too many bytes; send one of at most 12 MB")
    with _ONE_AT_A_TIME:
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process
        try:
            return _made(raw)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, _TooLargeError):
            raise PhotoError("The photo has too many pixels; send one of at most 50 megapixels") from None
        except UnidentifiedImageError:
            raise PhotoError("This is no photo that can be read; send a JPEG, PNG or WebP file") from None
        except Exception:  # noqa: BLE001 - decoders raise almost anything on what someone made to break them
            raise PhotoError("The photo is damaged or incomplete; send it again") from None


class _TooLargeError(Exception):
    """More pixels than are decoded."""


def _made(raw: bytes) -> Picture:
    with Image.open(BytesIO(raw), formats=_KINDS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _TooLargeError
        opened.draft("RGB", (LONGEST, LONGEST))  # a JPEG is made smaller while it is decoded
        opened.thumbnail((LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(opened)
        clean = Image.new("RGB", upright.size, "white")
        paint = upright.convert("RGBA")
        clean.paste(paint, mask=paint.getchannel("A"))
    out = BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Picture(out.getvalue(), clean.width, clean.height)
