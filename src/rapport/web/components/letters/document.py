"""A document of sections on paper, its pictures drawn by the same code as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapport.web.components.charts import on_paper
from rapport.web.components.charts.chart import spoken
from rapport.web.components.document import Section
from rapport.web.components.letters import spoken_now, typeset


@dataclass(frozen=True, slots=True)
class DocumentPaper:
    """What stands on the paper of a document."""

    title: str
    lead: str
    head: Sequence[tuple[str, str]]
    sender: str
    on: date
    sections: Sequence[Section]
    footer: str = ""
    language: str = ""  # empty: the one the page speaks


def document_pdf(paper: DocumentPaper) -> bytes:
    """The document as tagged PDF; each picture carries its words for those who hear it."""
    content = {
        "title": paper.title,
        "lead": paper.lead,
        "head": [list(line) for line in paper.head],
        "sender": paper.sender,
        "sections": [_section(section) for section in paper.sections],
        "footer": paper.footer,
        "language": paper.language or spoken_now(),
    }
    return typeset("document.typ", paper.on, content)


def _section(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "paragraphs": list(section.paragraphs),
        "charts": [{"title": one.title, "svg": on_paper(one), "spoken": spoken(one)} for one in section.charts],
        "points": list(section.points),
        "note": section.note,
    }
