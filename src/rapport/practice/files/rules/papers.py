"""A PDF written anew: its pages as they look, and nothing that acts, points elsewhere or tells where it came from.

Only a page's drawing is taken over (contents, resources, boxes, turn). What is filled in or stamped on a page is kept
as a picture of itself; links, scripts, attachments, actions, names, outlines and metadata are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from rapport.practice.files.rules.refusals import FileDamaged, FileLocked, FileRefused, TooManyPages

MOST_PAGES, MOST_PARTS = 200, 100_000
PAGE = {"/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit"}
SHOWN = {"/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F"}
ONLY_SEEN = {
    "/Widget",
    "/Stamp",
    "/FreeText",
    "/Ink",
    "/Highlight",
    "/Underline",
    "/StrikeOut",
    "/Square",
    "/Circle",
    "/Line",
}
NEVER = {
    "/A", "/AA", "/AF", "/AcroForm", "/Annots", "/Dest", "/EF", "/EmbeddedFiles", "/JS", "/JavaScript", "/LastModified",
    "/Metadata", "/Names", "/OPI", "/OpenAction", "/PieceInfo", "/Ref", "/RichMediaContent", "/StructParents", "/URI",
    "/XFA",
}  # fmt: skip
# What a drawing is called in its resources may be any word; what hangs on such a word is looked at all the same.
NAMED = {
    "/XObject",
    "/Font",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
    "/CharProcs",
    "/AP",
    "/N",
}


def clean_pdf(content: bytes) -> bytes:
    """The same pages in a new file."""
    try:
        return _written(PdfReader(BytesIO(content), strict=False))
    except FileRefused:
        raise
    except Exception as error:  # a hostile file may break a parser in any way; none of them is a reason to keep it
        raise FileDamaged from error


def _written(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise FileLocked
    if len(reader.pages) > MOST_PAGES:
        raise TooManyPages
    writer = PdfWriter()
    for page in reader.pages:
        _only_seen(page)
        writer.add_page(page)
    if not writer.pages:
        raise FileDamaged
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _only_seen(page: PageObject) -> None:
    """Take everything off a page that is not part of how it looks."""
    stamps = ArrayObject(filter(None, (_stamp(each) for each in _array(page.get("/Annots")))))
    for key in set(page) - PAGE:
        del page[key]
    for part in _parts([page, *stamps]):
        if isinstance(part, StreamObject):
            _strip_stream(part)
    if stamps:
        page[NameObject("/Annots")] = stamps


def _stamp(reference: Any) -> DictionaryObject | None:
    """What was filled in or drawn on a page, as a picture of itself."""
    drawn = reference.get_object()
    if not isinstance(drawn, DictionaryObject) or drawn.get("/Subtype") not in ONLY_SEEN or "/AP" not in drawn:
        return None
    kept = DictionaryObject({key: value for key, value in drawn.items() if key in SHOWN})
    kept[NameObject("/Subtype")] = NameObject("/Stamp")
    return kept


def _parts(start: list[DictionaryObject]) -> Iterator[DictionaryObject]:
    """Every dictionary that a page's drawing leads to, each once and without what is never kept."""
    waiting: list[tuple[Any, bool]] = [(each, False) for each in start]
    seen: dict[int, Any] = {}  # held, so that no number is given out twice
    while waiting:
        found, named = waiting.pop()
        part = found.get_object() if isinstance(found, IndirectObject) else found
        if not isinstance(part, DictionaryObject | ArrayObject) or id(part) in seen:
            continue
        seen[id(part)] = part
        if len(seen) > MOST_PARTS:
            raise TooManyPages
        if isinstance(part, ArrayObject):
            waiting += [(each, False) for each in part]
            continue
        for key in () if named else NEVER & set(part):
            del part[key]
        waiting += [(part.raw_get(key), key in NAMED and not named) for key in part if key != "/Parent"]
        yield part


def _strip_stream(stream: StreamObject) -> None:
    """A stream comes from this file, not from another; a photograph in it loses what its camera wrote."""
    for key in {"/F", "/FFilter", "/FDecodeParms", "/DL"} & set(stream):
        del stream[key]
    if stream.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        stream._data = without_camera_data(stream._data)


def without_camera_data(jpeg: bytes) -> bytes:
    """A JPEG stream without its application segments (but Adobe's, which says how colours are meant) and comments."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, place = [b"\xff\xd8"], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != 0xDA:
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        marker = jpeg[place + 1]
        if not (0xE0 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept.append(jpeg[place:end])
        place = end
    return b"".join(kept) + jpeg[place:]


def _array(value: Any) -> ArrayObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, ArrayObject) else ArrayObject()
