"""Every address of the house, with somebody's ids filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.factories.world import Someone

# Which of somebody's ids a name in an address means. An address whose name is not here fails the tests.
OF_A_CLIENT = {
    "administration_id": "administration_id",
    "alert_id": "alert_id",
    "assignment_id": "assignment_id",
    "case_letter_id": "case_letter_id",
    "client": "client_id",
    "client_id": "client_id",
    "contact_id": "contact_id",
    "contract_id": "contract_id",
    "draft": "draft",
    "episode_id": "episode_id",
    "form_id": "form_id",
    "goal_id": "goal_id",
    "letter_id": "letter_id",
    "note_id": "note_id",
    "offer_id": "offer_id",
    "person_id": "person_id",
    "page_id": "page_id",
    "question_id": "question_id",
    "referral_id": "referral_id",
    "series_id": "series_id",
    "rupture_id": "rupture_id",
    "sent_file_id": "sent_file_id",
    "session_id": "session_id",
    "snippet_id": "snippet_id",
    "task_id": "task_id",
    "wish_id": "wish_id",
}
# Ids that belong to no client: a role has them or has not.
OF_THE_PRACTICE = {
    "account_id": "account_id",
    "act": "act",
    "block_id": "block_id",
    "care_id": "care_id",
    "invitation_id": "invitation_id",
    "message_id": "message_id",
    "opener_id": "opener_id",
    "room_id": "room_id",
    "source_id": "source_id",
}
# Ids of the person who asks.
OF_ONESELF = ("passkey_id", "sign_in_id", "staged_id")
# Words, not ids: the same for everybody.
WORDS = {
    "asked": "useful",
    "form": "arm5",
    "instrument_id": "phq9",
    "kind": "written",
    "letter_kind": "to_client",
    "pack": "who5",
    "period": "all",
    "place": 1,
    "purpose": "treatment",
    "question": "changed",
    "reading": "phq9",
    "rung": "card",
    "section": "why_now",
    "skeleton": "k6",
    "step": "heard",
    "token": "A" * 43,
}
# The same name means another thing in these addresses.
ELSEWHERE = {
    ("desk/process/", "note_id"): "process_note",
    ("desk/process/", "draft"): "process_draft",
    ("portal/", "case_letter_id"): "case_letter_shown",
    ("portal/", "letter_id"): "letter_released",
}
# What a form must hold before the page looks at whose thing it is; every other form may be sent empty.
SAVED = {"version": "2", "client_seq": "9", "text": "Something typed"}
TYPED = SAVED | {"client_tab": "3f0b7a52-7d0c-4c39-9c3e-0f6f2f6d9a11"}
FORMS: dict[str, dict[str, str]] = {
    "desk:typing": {**TYPED, "typed_at": "/desk/episodes/00000000-0000-0000-0000-000000000007/letter/"},
    "desk:typing_own": {**TYPED, "typed_at": "/desk/results/all/changed/phq9/"},
    "desk:session_charge": {"why": "Something typed"},
    "desk:ending_safety": {"said": "Nothing has changed"},
    "desk:goal_rate": {"value": "5"},
    "desk:note_save": SAVED,
    "desk:message_keep": TYPED,
    "desk:case_letter_send": {"how": "by_hand"},
    "desk:process_save": SAVED,
    "portal:agreement_accept": {"crisis_shown": "on"},
    "portal:goal_rate": {"value": "5"},
}


class UnknownName(Exception):
    """An address has a part that OF_A_CLIENT, OF_THE_PRACTICE, OF_ONESELF and WORDS do not name: add it."""


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern, its cell of the permission matrix, and the names in it."""

    name: str
    route: str
    cell: tuple[str, str]
    parts: tuple[str, ...]

    @property
    def bound(self) -> tuple[str, ...]:
        """The parts that lead to one client's things."""
        return tuple(part for part in self.parts if part in OF_A_CLIENT)

    @property
    def personal(self) -> bool:
        """Whether it leads to something that belongs to one person who signs in."""
        return any(part in OF_ONESELF for part in self.parts)

    @property
    def form(self) -> dict[str, str]:
        return FORMS.get(self.name, {})

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(part for part in self.parts if part not in WORDS)

    def of(self, *whose: Someone, own: dict[str, str] | None = None) -> str:
        """The path with somebody's ids; of two, the first part is the first one's and the rest the second one's."""
        values: dict[str, Any] = {}
        for place, part in enumerate(self.parts):
            someone = whose[min(place, len(whose) - 1)]
            values[part] = self._value(part, someone, own or {})
        return reverse(self.name, kwargs=values)

    def at_random(self) -> str:
        """The path of something that does not exist."""
        return reverse(self.name, kwargs={p: WORDS[p] if p in WORDS else uuid4() for p in self.parts})

    def _value(self, part: str, someone: Someone, own: dict[str, str]) -> Any:
        for (route, name), key in ELSEWHERE.items():
            if name == part and self.route.startswith(route):
                return someone.ids[key]
        if part in WORDS:
            return WORDS[part]
        if part in OF_ONESELF:
            return own.get(part) or uuid4()
        key = OF_A_CLIENT.get(part) or OF_THE_PRACTICE.get(part)
        if key is None:
            raise UnknownName(f"/{self.route}: {part}")
        return someone.ids[key]


def addresses() -> list[Address]:
    """All of them, in the order of the switchboard."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, route: str, space: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        where = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            cell = getattr(entry.callback, "__page__", ("", ""))
            yield Address(f"{space}{entry.name}", where, cell, tuple(_names(where)))
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, where, inner)


def _names(route: str) -> Iterator[str]:
    for piece in route.split("<")[1:]:
        yield piece.partition(">")[0].rpartition(":")[2]
