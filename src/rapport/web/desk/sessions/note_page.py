"""What the pages of a note show: the editor with what helps to write, and the note as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.clinical.sessions.notes import SECTIONS, NoteFormat, NoteSection, NoteState
from rapport.clinical.sessions.writing.carrying import open_points
from rapport.clinical.sessions.writing.initials import names_to_hide, with_initials
from rapport.clinical.sessions.writing.marks import USUAL_WORDS, word_count
from rapport.clinical.sessions.writing.wording import look_over
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.sessions import queries
from rapport.practice.sessions.queries import KeptText, NoteFacts
from rapport.web.desk.sessions import editor
from rapport.web.desk.sessions.marked import MARKS, render_note
from rapport.web.desk.sessions.note_head import head_of
from rapport.web.desk.sessions.words import FORMATS, METHODS
from rapport.web.desk.sessions.words import SECTIONS as SECTION_WORDS
from rapport.web.doors.page import PageRequest

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Advised:
    """A word that was found in the note, why it may be put otherwise, and how."""

    code: str
    words: str
    why: str
    better: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What of the last signed note is open, and the note it is from."""

    note: NoteFacts
    words: str
    day: str


def editing(request: PageRequest, facts: NoteFacts, sections: Words, restored: KeptText | None) -> dict[str, Any]:
    """Everything the editor shows."""
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    texts = queries.kept_texts(**who, note_id=facts.id)
    hour = queries.session(**who, session_id=facts.session_id)
    people = queries.people_of(**who, episode_id=facts.episode_id)
    hidden = names_to_hide([person.name for person in people], hour.client_name)
    return {
        "note": facts,
        "hour": hour,
        "head": head_of(request, hour),
        "boxes": editor.boxes(editor.parts_of(facts.format, sections), sections, facts.method),
        "formats": [(form, words, form is facts.format) for form, words in FORMATS.items()],
        "methods": [(way, words, way is facts.method) for way, words in METHODS.items()],
        "format_words": FORMATS[facts.format],
        "method_words": METHODS[facts.method] if facts.method != "none" else "",
        "marks": [(mark, words, number) for number, (mark, words) in enumerate(MARKS.items(), start=1)],
        "snippets": queries.snippets(**who),
        "next_time": queries.remembered_line(**who, session_id=facts.session_id),
        "carried": carried(request, facts),
        "people": people,
        "named": sum(with_initials(text, hidden)[1] for text in sections.values()),
        "advice": _advice(facts, sections),
        "words": word_count(sections),
        "usual_words": USUAL_WORDS,
        "restored": restored,
        "others": [text for text in texts if restored is None or text.id != restored.id],
    }


def _advice(facts: NoteFacts, sections: Words) -> list[Advised]:
    found = [one for one in look_over(sections) if one.advice.code not in facts.ignored]
    return [Advised(one.advice.code, one.words, _(one.advice.why), _(one.advice.better)) for one in found]


def reading(request: PageRequest, facts: NoteFacts, *, initials: bool = False) -> dict[str, Any]:
    """The note as it is read; `initials` is for paper, where other people's names become initials."""
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    hour = queries.session(**who, session_id=facts.session_id)
    hidden: Words = {}
    if initials:
        people = queries.people_of(**who, episode_id=facts.episode_id)
        hidden = names_to_hide([person.name for person in people], hour.client_name)
    names = [name for name in SECTION_WORDS if facts.sections.get(name, "").strip()]
    texts = [(SECTION_WORDS[name], *with_initials(facts.sections[name], hidden)) for name in names]
    added = [(each, *with_initials(each.text, hidden)) for each in facts.addenda]
    reasons = [with_initials(each.reason, hidden)[0] for each in facts.addenda]
    return {
        "note": facts,
        "hour": hour,
        "head": facts.head if facts.state is NoteState.SIGNED else head_of(request, hour),
        "texts": [(title, text) for title, text, _count in texts],
        "parts": [(title, render_note(text)) for title, text, _count in texts],
        "addenda": [
            (each, render_note(text), text, why) for (each, text, _count), why in zip(added, reasons, strict=True)
        ],
        "hidden_names": sum(count for *_rest, count in [*texts, *added]),
        "is_mine": facts.author_id == request.actor.id,
        "is_free": facts.format is NoteFormat.FREE and len(texts) == 1,
    }


def carried(request: PageRequest, facts: NoteFacts) -> Carried | None:
    """What of the last signed note can be carried into this draft."""
    last = queries.last_signed(viewer=request.actor, at=request.at, note_id=facts.id)
    words = open_points(last.sections) if last else ""
    if last is None or not words:
        return None
    hour = queries.session(viewer=request.actor, at=request.at, session_id=last.session_id, among_others=True)
    return Carried(last, words, date_format(hour.planned_start.astimezone(practice_zone()), "j F Y"))


def with_carried(request: PageRequest, facts: NoteFacts, sections: Words) -> Words:
    """The draft with the open points above its plan, as a quotation that says where it is from. Twice adds nothing."""
    found = carried(request, facts)
    if found is None:
        return sections
    head = _("Copied from the note of %(day)s:") % {"day": found.day}
    quoted = "\n".join(f"> {line}".rstrip() for line in (head, "", *found.words.splitlines()))
    if any(head in text for text in sections.values()):
        return sections
    return _put(sections, _place(facts, NoteSection.PLAN), quoted, first=True)


def with_snippet(request: PageRequest, facts: NoteFacts, sections: Words, chosen: str) -> Words:
    """The draft with one of the writer's own short texts at the end of its first part."""
    found = next((s for s in queries.snippets(viewer=request.actor, at=request.at) if str(s.id) == chosen), None)
    return _put(sections, SECTIONS[facts.format][0], found.text) if found else sections


def without_names(request: PageRequest, facts: NoteFacts, sections: Words) -> Words:
    """The draft with initials for the people noted in the client's life."""
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    people = queries.people_of(**who, episode_id=facts.episode_id)
    client = queries.session(**who, session_id=facts.session_id).client_name
    hidden = names_to_hide([person.name for person in people], client)
    return {name: with_initials(text, hidden)[0] for name, text in sections.items()}


def _place(facts: NoteFacts, wanted: NoteSection) -> NoteSection:
    own = SECTIONS[facts.format]
    return wanted if wanted in own else own[0]


def _put(sections: Words, name: str, words: str, *, first: bool = False) -> Words:
    there = sections.get(name, "").strip("\n")
    both = [words, there] if first else [there, words]
    return {**sections, name: "\n\n".join(text for text in both if text)}
