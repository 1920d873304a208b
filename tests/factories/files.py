"""Files as clients send them, and as nobody should."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)

from rapport.practice.files.actions import keep_file
from tests.factories.people import AT

if TYPE_CHECKING:
    from tests.factories.world import Someone

GPS_INFO, MAKE, ORIENTATION, LATITUDE_REF = 0x8825, 0x010F, 0x0112, 1


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, secret: str = "", turned: int = 1) -> bytes:
    """A plain picture; with a secret, in every place where a camera or a program writes."""
    picture = Image.new("RGB", size, (200, 120, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    if secret:
        exif[MAKE] = secret
        exif.get_ifd(GPS_INFO)[LATITUDE_REF] = secret
    extra = {"exif": exif, "icc_profile": b"profile " + secret.encode()}
    if kind == "JPEG" and secret:
        extra["comment"] = secret.encode()
    out = BytesIO()
    picture.save(out, format=kind, **extra)
    return out.getvalue()


def a_text(words: str = "What I could not say today.") -> bytes:
    return words.encode()


def a_pdf(secret: str = "", *, photograph: bytes = b"", password: str = "", pages: int = 1) -> bytes:
    """A page of text; with a secret, a PDF that knows too much, acts and points elsewhere."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        drawing = DecodedStreamObject()
        drawing.set_data(b"BT /F1 12 Tf 20 100 Td (What I wrote) Tj ET")
        page[NameObject("/Contents")] = writer._add_object(drawing)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        fonts = DictionaryObject({NameObject("/F1"): named})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        if photograph:
            _paste(writer, page, photograph)
    if secret:
        _tell(writer, secret)
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _paste(writer: PdfWriter, page: DictionaryObject, photograph: bytes) -> None:
    stream = StreamObject()
    stream._data = photograph
    for key, value in {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode"}.items():
        stream[NameObject(key)] = NameObject(value)
    pictures = DictionaryObject({NameObject("/Photo"): writer._add_object(stream)})
    page["/Resources"][NameObject("/XObject")] = pictures


def _tell(writer: PdfWriter, secret: str) -> None:
    writer.add_metadata({"/Author": secret, "/Title": secret})
    writer.add_attachment("more.txt", secret.encode())
    writer.add_outline_item(title=secret, page_number=0)
    link = Link(rect=(0, 0, 50, 50), url=f"https://{secret}.example/")
    writer.add_annotation(page_number=0, annotation=link)
    xmp = DecodedStreamObject()
    xmp.set_data(f"<x:xmpmeta>{secret}</x:xmpmeta>".encode())
    writer.pages[0][NameObject("/Metadata")] = writer._add_object(xmp)
    acts = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(secret)})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): acts})
    writer.root_object[NameObject("/OpenAction")] = acts
    _fill_in(writer, acts)


def _fill_in(writer: PdfWriter, acts: DictionaryObject) -> None:
    """A filled field: how it looks is to stay, what it does is not."""
    looks = DecodedStreamObject()
    looks.set_data(b"BT (Filled in by hand) Tj ET")
    looks[NameObject("/Subtype")] = NameObject("/Form")
    field = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/Rect"): RectangleObject((0, 0, 90, 20)),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(looks)}),
            NameObject("/A"): acts,
            NameObject("/F"): NumberObject(4),
        }
    )
    annotations = writer.pages[0].get("/Annots") or ArrayObject()
    annotations.get_object().append(writer._add_object(field))
    writer.pages[0][NameObject("/Annots")] = annotations


def keep_a_file(someone: Someone) -> None:
    """A file nobody holds yet: neither its name nor its words may turn up anywhere."""
    words = a_text(someone.say("file-words"))
    kept = keep_file(
        actor=someone.therapist, at=AT, client_id=someone.client, name=someone.say("file-name"), content=words
    )
    someone.ids["file_id"] = str(kept)
