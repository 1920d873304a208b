"""What the editors of notes have in common: reading a save, and answering the page that keeps what is typed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.clinical.sessions.notes import SECTIONS as OF_FORMAT
from rapport.clinical.sessions.notes import NoteFormat, NoteMethod, NoteSection
from rapport.clinical.sessions.writing.prompts import prompt
from rapport.practice.organisation.queries import practice_zone
from rapport.web.desk.sessions.words import SECTIONS
from rapport.web.doors.page import PageRequest


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page sent: the words, the version it began from, and which save of which window this is."""

    sections: dict[str, str]
    version: int
    tab: UUID
    seq: int
    instead_of: UUID | None
    form: NoteFormat | None
    method: NoteMethod | None = None
    remember: bool = False

    @property
    def text(self) -> str:
        return self.sections.get(NoteSection.TEXT, "")


@dataclass(frozen=True, slots=True)
class Box:
    """One part of a note in the editor."""

    name: str
    label: str
    help: str
    text: str


def typed(request: PageRequest) -> Typed | None:
    """The save in a request, or None if it is not one."""
    said = request.POST
    try:
        form, method = said.get("format", ""), said.get("method", "")
        return Typed(
            sections={str(name): said[name] for name in NoteSection if name in said},
            version=int(said["version"]),
            tab=UUID(said["client_tab"]) if said.get("client_tab") else uuid.uuid4(),
            seq=int(said.get("client_seq") or 1),
            instead_of=UUID(said["instead_of"]) if said.get("instead_of") else None,
            form=NoteFormat(form) if form else None,
            method=NoteMethod(method) if method else None,
            remember=bool(said.get("remember")),
        )
    except (KeyError, ValueError):
        return None


def boxes(names: Iterable[NoteSection], sections: Mapping[str, str], method: NoteMethod = NoteMethod.NONE) -> list[Box]:
    """The parts of a note with their labels and what they ask for."""
    return [Box(name, str(SECTIONS[name]), _(prompt(method, name)), sections.get(name, "")) for name in names]


def parts_of(form: NoteFormat, sections: Mapping[str, str]) -> list[NoteSection]:
    """The parts of a format, and any other in which there are words: nothing that was written is out of sight."""
    names = list(OF_FORMAT[form])
    return names + [name for name in SECTIONS if name not in names and sections.get(name, "").strip()]


def kept(request: PageRequest, version: int) -> JsonResponse:
    """The text is with us."""
    local = timezone.localtime(request.at, practice_zone())
    return JsonResponse({"version": version, "words": _("Saved %(time)s") % {"time": f"{local:%H:%M}"}})


def refused(words: str, status: int = 422) -> JsonResponse:
    """The text cannot be part of the note, and why."""
    return JsonResponse({"words": words}, status=status)


def changed_elsewhere(version: int, theirs: Mapping[str, str]) -> JsonResponse:
    """Both texts: the page has its own, here is the other."""
    return JsonResponse({"version": version, "theirs": dict(theirs)}, status=409)


def wants_json(request: PageRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def not_a_save() -> HttpResponse:
    return JsonResponse({"words": _("This save was incomplete.")}, status=422)


def signed_words() -> Any:
    return _("This note is signed. What you typed since is kept for you; add it as an addendum.")
