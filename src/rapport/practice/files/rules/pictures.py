"""A picture drawn anew: the same pixels, upright, and nothing the camera or a sender wrote beside them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from rapport.practice.files.choices import Kind
from rapport.practice.files.rules.refusals import FileDamaged, TooManyPixels

# A telephone's best photograph has 50 million. A JPEG is opened at a fraction of its size, the others whole in memory.
MOST_PIXELS = {Kind.JPEG: 64_000_000, Kind.PNG: 24_000_000, Kind.WEBP: 24_000_000}
LONGEST_SIDE = 30_000
KEPT_SIDE = 2400
QUALITY = 88


def redrawn(kind: Kind, content: bytes) -> bytes:
    """The picture, turned as it was meant to be seen, at most 2400 pixels wide and high."""
    try:
        with Image.open(BytesIO(content), formats=[kind.upper()]) as picture:
            _check_size(kind, picture)
            picture.draft(None, (KEPT_SIDE, KEPT_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
            return _saved(kind, upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except TooManyPixels:
        raise
    except Exception as error:  # a hostile file may break a decoder in any way; none of them is a reason to keep it
        raise FileDamaged from error


def _check_size(kind: Kind, picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS[kind] or max(width, height) > LONGEST_SIDE:
        raise TooManyPixels


def _saved(kind: Kind, picture: Image.Image) -> bytes:
    """Pixels only: they are pasted on an empty sheet, which has no colour profile, comment or camera data to carry."""
    see_through = kind is not Kind.JPEG and ("A" in picture.getbands() or "transparency" in picture.info)
    mode = "RGBA" if see_through else "RGB"
    pixels = picture.convert(mode)
    sheet = Image.new(mode, pixels.size)
    sheet.paste(pixels)
    out = BytesIO()
    sheet.save(out, format=kind.upper(), **({} if kind is Kind.PNG else {"quality": QUALITY}))
    return out.getvalue()
