"""Which file it is, told from its bytes, and what is kept of it."""

from __future__ import annotations

import re
import unicodedata

from rapport.practice.files.choices import Kind
from rapport.practice.files.rules.papers import clean_pdf
from rapport.practice.files.rules.pictures import redrawn
from rapport.practice.files.rules.refusals import FileEmpty, FileKindUnknown, FileTooLarge

LARGEST = 10 * 1024 * 1024
MOST_FILES, MOST_BYTES = 200, 200 * 1024 * 1024  # of one client
LONGEST_NAME = 100
# Text that another program would run or draw: it is not plain.
NOT_PLAIN = re.compile(r"\s*(<(!doctype|html|svg|\?xml|head|body|iframe|!--)|\{\\rtf|%!|#!)|.*<script", re.I | re.S)


def accepted(content: bytes) -> tuple[Kind, bytes]:
    """The kind of a file and the bytes to keep: drawn or written anew, without anything that was not to be seen."""
    if not content:
        raise FileEmpty
    if len(content) > LARGEST:
        raise FileTooLarge
    kind = kind_of(content)
    if kind.is_picture:
        kept = redrawn(kind, content)
    elif kind is Kind.PDF:
        kept = clean_pdf(content)
    else:
        kept = _plain(content).encode()
    if len(kept) > LARGEST:
        raise FileTooLarge
    return kind, kept


def kind_of(content: bytes) -> Kind:
    """Told from the first bytes; a name and what a browser says about a file are not asked."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    _plain(content)
    return Kind.TEXT


def kept_name(name: str, kind: Kind) -> str:
    """A file's name without folders, without what cannot be seen, with the ending that is true."""
    composed = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed if c not in '<>:"|?*;')
    stem = re.sub(r"\.(jpe?g|png|webp|pdf|txt)$", "", " ".join(seen.split()), flags=re.I).strip(". ")
    return (stem[:LONGEST_NAME].rstrip(". ") or "file") + kind.ending


def _plain(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise FileKindUnknown from None
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co"} and c not in "\n\t\f" for c in text) or NOT_PLAIN.match(text):
        raise FileKindUnknown
    if not text.strip():
        raise FileEmpty
    return text
