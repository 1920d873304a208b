"""Letters as tagged PDF (PDF/UA-1): from text to bytes, without a file, a network or a line of anybody's code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import get_language

from rapport.web.components.typefaces import font_paths

FOLDER = Path(str(files("rapport.web.components.letters")))


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """What stands on a letter. An empty line begins a new paragraph, a single line break stays one."""

    title: str
    sender: str
    on: date
    text: str
    footer: str = ""
    language: str = ""  # empty: the one the page speaks


def spoken_now() -> str:
    """The language in which this is being written, as a PDF names it."""
    return (get_language() or "en").partition("-")[0]


def letter_pdf(paper: LetterPaper) -> bytes:
    """The letter as PDF. What people wrote travels as JSON beside the template and is set as plain text."""
    content = {
        "title": paper.title,
        "sender": paper.sender,
        "date": date_format(paper.on, "j F Y"),
        "paragraphs": paragraphs(paper.text),
        "footer": paper.footer,
        "language": paper.language or spoken_now(),
    }
    return typeset("letter.typ", paper.on, content)


def typeset(template: str, on: date, content: Mapping[str, object]) -> bytes:
    """A template of this folder, filled. What people wrote is data to it and never markup."""
    try:
        return _compiled(template, on, content, ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compiled(template, on, content, [])  # a script our typefaces lack: still tagged, it can be read out


def _compiled(template: str, on: date, content: Mapping[str, object], standards: list[str]) -> bytes:
    options: dict[str, Any] = {
        "root": str(FOLDER),
        "font_paths": [str(folder) for folder in font_paths()],
        "ignore_system_fonts": True,
        "format": "pdf",
        "sys_inputs": {"letter": json.dumps(content, ensure_ascii=False)},
        "pdf_standards": standards,
        "timestamp": int(datetime.combine(on, time(12), UTC).timestamp()),
    }
    pdf: bytes = typst.compile((FOLDER / template).read_bytes(), **options)
    return pdf


def paragraphs(text: str) -> list[list[str]]:
    """Paragraphs of lines."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [[line.rstrip() for line in block.strip("\n").split("\n")] for block in blocks if block.strip()]
