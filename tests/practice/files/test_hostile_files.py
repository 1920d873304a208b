"""Files that are not what they say, know too much, or want to break the house."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from tests.factories.files import a_pdf, a_picture, a_text

from rapport.practice.files.choices import Kind
from rapport.practice.files.rules import (
    LARGEST,
    FileDamaged,
    FileEmpty,
    FileKindUnknown,
    FileLocked,
    FileRefused,
    FileTooLarge,
    TooManyPages,
    TooManyPixels,
    accepted,
)

SECRET = "CANARY51N0W"


def _opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def _huge_png(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_gone(kind: str) -> None:
    sent = a_picture(kind, secret=SECRET)
    assert SECRET.encode() in sent
    told, kept = accepted(sent)
    assert told == Kind(kind.lower())
    assert SECRET.encode() not in kept
    picture = _opened(kept)
    assert not picture.getexif()
    assert not {"icc_profile", "comment", "exif", "xmp"} & set(picture.info)
    assert picture.size == (60, 40)


def test_a_picture_stays_upright() -> None:
    _, kept = accepted(a_picture(size=(60, 40), turned=6))
    assert _opened(kept).size == (40, 60)


def test_a_large_photograph_is_made_smaller() -> None:
    _, kept = accepted(a_picture(size=(5000, 3000)))
    assert _opened(kept).size == (2400, 1440)


def test_what_is_see_through_stays_so() -> None:
    out = BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 0)).save(out, "PNG")
    assert _opened(accepted(out.getvalue())[1]).mode == "RGBA"


@pytest.mark.parametrize("colours", ["L", "P", "CMYK", "1"])
def test_every_way_of_colouring_is_read(colours: str) -> None:
    out = BytesIO()
    Image.new(colours, (9, 9)).save(out, "JPEG" if colours in {"L", "CMYK"} else "PNG")
    assert _opened(accepted(out.getvalue())[1]).mode == "RGB"


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + b"zip", b"<script>alert(1)</script>", b"%PDF-1.4"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_also_something_else_is_only_a_picture(kind: str, tail: bytes) -> None:
    _, kept = accepted(a_picture(kind) + tail)
    assert tail not in kept


@pytest.mark.parametrize(("width", "height"), [(40_000, 2), (8_000, 8_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_never_opened(width: int, height: int) -> None:
    with pytest.raises(TooManyPixels):
        accepted(_huge_png(width, height))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_off_is_refused(kind: str) -> None:
    sent = a_picture(kind, size=(600, 400))
    with pytest.raises(FileDamaged):
        accepted(sent[: len(sent) * 2 // 3])


def test_a_head_without_a_body_is_refused() -> None:
    for head in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"%PDF-1.7"):
        with pytest.raises(FileRefused):
            accepted(head + b"nothing of it")


def test_a_pdf_tells_only_what_is_on_its_pages() -> None:
    sent = a_pdf(SECRET, photograph=a_picture(secret=SECRET))
    assert SECRET.encode() in sent
    kind, kept = accepted(sent)
    assert kind is Kind.PDF
    assert SECRET.encode() not in kept
    for word in (b"/JS", b"/JavaScript", b"/OpenAction", b"/URI", b"/Link", b"/EmbeddedFile", b"/Metadata", b"/AA"):
        assert word not in kept
    reader = PdfReader(BytesIO(kept))
    assert reader.pages[0].extract_text() == "What I wrote"
    assert reader.metadata is None
    assert b"Filled in by hand" in kept
    assert reader.pages[0]["/Annots"][0].get_object()["/Subtype"] == "/Stamp"


def test_a_photograph_in_a_pdf_is_still_one() -> None:
    _, kept = accepted(a_pdf(photograph=a_picture(secret=SECRET)))
    pictures = PdfReader(BytesIO(kept)).pages[0]["/Resources"]["/XObject"]
    assert _opened(pictures["/Photo"].get_object()._data).size == (60, 40)


def test_a_pdf_that_is_also_something_else_is_only_a_pdf() -> None:
    _, kept = accepted(a_pdf() + b"PK\x03\x04CANARY<script>")
    assert b"CANARY" not in kept


def test_a_locked_pdf_is_refused() -> None:
    with pytest.raises(FileLocked):
        accepted(a_pdf(password="sesame"))


def test_a_cut_pdf_is_refused() -> None:
    with pytest.raises(FileDamaged):
        accepted(a_pdf()[:60])


def test_a_pdf_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.practice.files.rules.papers.MOST_PAGES", 2)
    with pytest.raises(TooManyPages):
        accepted(a_pdf(pages=3))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"  <!DOCTYPE html><p>hello",
        b"<?xml version='1.0'?><x/>",
        b"words <SCRIPT>alert(1)</SCRIPT>",
        b"PK\x03\x04word/document.xml",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"GIF89a\x01\x00\x01\x00",
        b"MZ\x90\x00",
        b"{\\rtf1 hello}",
        b"%!PS-Adobe-3.0",
        b"#!/bin/sh\nrm",
        b"\x00\x00\x00\x18ftypheic",
        "Grüße".encode("latin-1"),
        b"one\x00two",
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FileKindUnknown, match="JPEG, PNG, WebP"):
        accepted(content)


def test_plain_words_are_kept_plain() -> None:
    kind, kept = accepted(b"\xef\xbb\xbfI <3 you\r\nand I am afraid")
    assert (kind, kept) == (Kind.TEXT, b"I <3 you\nand I am afraid")


def test_sizes_have_an_end() -> None:
    with pytest.raises(FileEmpty):
        accepted(b"")
    with pytest.raises(FileEmpty):
        accepted(b" \n")
    with pytest.raises(FileTooLarge):
        accepted(a_text("x" * (LARGEST + 1)))
