"""What one process does, again and again, until it is killed or has done its share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.faults.history.events import Log
from tests.faults.history.ground import DAY, Ground, a_new_note

SECOND, HOUR = timedelta(seconds=1), timedelta(minutes=50)
JUMPS = (timedelta(), timedelta(), timedelta(), DAY, -DAY / 2, timedelta(hours=1), -timedelta(hours=1))

Deeds = tuple[tuple[str, int], ...]  # what is done, and how often among the rest
DEEDS: Deeds = (
    ("write", 8), ("sign", 1), ("add", 1), ("book", 6), ("cancel", 2), ("contact", 3), ("void", 2), ("look", 2),
    ("answer", 6), ("grant", 2), ("end", 2), ("peek", 5), ("erase", 1),
)  # fmt: skip


@dataclass(slots=True)
class Hands:
    """One process: what it remembers, and its own chance."""

    ground: Ground
    log: Log
    chance: random.Random
    deeds: Deeds = DEEDS
    silent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # asked, and nothing heard
    number: int = 0
    goes_on: bool = True

    def stop(self) -> None:
        """Finish what is in hand, then go home."""
        self.goes_on = False

    def now(self) -> datetime:
        """A clock that goes on, and sometimes jumps a day."""
        self.number += 1
        return self.ground.founded + 2 * DAY + self.number * SECOND + self.chance.choice(JUMPS)

    def work(self, times: int) -> None:
        deeds = [getattr(self, name) for name, weight in self.deeds for _ in range(weight)]
        for _ in range(times):
            if not self.goes_on:
                return
            if self.silent and self.chance.random() < 0.5:
                kind, given = self.silent.pop()
                self.ask(kind, given, getattr(self, f"_{kind}"))
            else:
                self._try(self.chance.choice(deeds))

    def _try(self, deed: Callable[[], object]) -> None:
        """What is looked up before asking may meet the same faults; then there was nothing asked."""
        from django.db import DatabaseError

        try:
            deed()
        except DatabaseError:
            hang_up()
        except refusals():
            pass  # the hour of a new note was taken

    def ask(self, kind: str, given: dict[str, Any], act: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        from django.db import DatabaseError, IntegrityError

        number = self.log.invoke(kind, **given)
        try:
            got = act(given)
        except IntegrityError as error:
            self.log.answer(number, "fail", rough=f"{kind}: {error}"[:300])
        except DatabaseError as error:
            hang_up()
            if "deadlock" in str(error) or "locked" in str(error):
                self.log.answer(number, "fail", rough=f"{kind}: {error}"[:300])
            else:
                self.log.answer(number, "info", error=str(error)[:200])
                if "key" in given:
                    self.silent.append((kind, given))
        except refusals() as refusal:
            self.log.answer(number, "fail", why=type(refusal).__name__)
        else:
            self.log.answer(number, "ok", **got)
            return got
        return {}

    # Notes

    def _new_note(self) -> UUID:
        return a_new_note(self.ground, self.chance.randrange(100, 50_000))

    def _some_note(self, *, is_signed: bool = False) -> UUID | None:
        from rapport.practice.sessions.models import ProgressNote

        state = "signed" if is_signed else "draft"
        ids = list(ProgressNote.objects.filter(state=state).order_by("id").values_list("id", flat=True)[:4])
        return self.chance.choice(ids) if ids else None

    def write(self) -> None:
        """Read a note, then save on top of what was read, as the editor does."""
        note = self._some_note() or self._new_note()
        seen = self.ask("read", {"note": note}, self._read)
        if seen and not seen["hash"]:
            text = f"{self.log._process}-{self.number}"
            self.ask("save", {"note": note, "version": seen["version"], "text": text}, self._save)

    def _read(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions import queries

        facts = queries.note(viewer=self.ground.therapist, at=self.now(), note_id=given["note"])
        return {"version": facts.version, "hash": facts.text_hash}

    def _save(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions.actions import save_note

        version = save_note(
            actor=self.ground.therapist, at=self.now(), note_id=given["note"], version=given["version"],
            sections={"text": given["text"]},
        )  # fmt: skip
        return {"version": version}

    def sign(self) -> None:
        note = self._some_note()
        seen = self.ask("read", {"note": note}, self._read) if note else {}
        if seen and not seen["hash"]:
            self.ask("sign", {"note": note, "version": seen["version"]}, self._sign)

    def _sign(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions import actions, queries

        actions.sign_note(actor=self.ground.therapist, at=self.now(), note_id=given["note"], version=given["version"])
        facts = queries.note(viewer=self.ground.therapist, at=self.now(), note_id=given["note"])
        return {"hash": facts.text_hash, "version": facts.version}

    def add(self) -> None:
        note = self._some_note(is_signed=True)
        if note is not None:
            self.ask("add", {"note": note}, self._add)

    def _add(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions.actions import add_addendum

        made = add_addendum(
            actor=self.ground.therapist, at=self.now(), note_id=given["note"], text="More", reason="Heard later"
        )
        return {"id": made}

    # Hours and contacts

    def book(self) -> None:
        who, slot = self.chance.randrange(len(self.ground.courses)), self.chance.choice(self.ground.slots)
        key = UUID(int=self.chance.getrandbits(128))
        self.ask("book", {"client": who, "slot": slot.isoformat(), "key": str(key)}, self._book)

    def _book(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions.actions import book_session

        start, course = datetime.fromisoformat(given["slot"]), self.ground.courses[given["client"]]
        made = book_session(
            actor=self.ground.therapist, at=self.now(), episode_id=course.episode, start=start, end=start + HOUR,
            key=UUID(given["key"]),
        )  # fmt: skip
        return {"id": made}

    def cancel(self) -> None:
        from rapport.practice.sessions.models import TherapySession

        planned = TherapySession.objects.filter(state="planned").order_by("id").values_list("id", flat=True)[:8]
        if planned:
            self.ask("cancel", {"session": self.chance.choice(list(planned))}, self._cancel)

    def _cancel(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.clinical.sessions.attendance import CancelledBy
        from rapport.practice.sessions.actions import cancel_session

        cancel_session(actor=self.ground.therapist, at=self.now(), session_id=given["session"], by=CancelledBy.CLIENT)
        return {}

    def contact(self) -> None:
        key = UUID(int=self.chance.getrandbits(128))
        who = self.chance.randrange(len(self.ground.courses))
        self.ask("contact", {"client": who, "key": str(key)}, self._contact)

    def _contact(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.clinical.sessions.frame import ContactPurpose, Initiator
        from rapport.practice.sessions.actions import record_contact

        made = record_contact(
            actor=self.ground.therapist, at=self.now(), episode_id=self.ground.courses[given["client"]].episode,
            initiator=Initiator.CLIENT, purpose=ContactPurpose.ARRANGING, key=UUID(given["key"]),
        )  # fmt: skip
        return {"id": made}

    def void(self) -> None:
        from rapport.practice.sessions.models import ContactEvent

        there = ContactEvent.objects.filter(voided_at=None).order_by("id").values_list("id", flat=True)[:4]
        if there:
            self.ask("void", {"contact": self.chance.choice(list(there))}, self._void)

    def _void(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions.actions import void_contact

        void_contact(actor=self.ground.therapist, at=self.now(), contact_id=given["contact"])
        return {}

    def look(self) -> None:
        self.ask("look", {"client": self.chance.randrange(len(self.ground.courses))}, self._look)

    def _look(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.sessions.rules.writing import contacts_in_care

        rows = contacts_in_care(self.ground.therapist, self.now())
        here = rows.filter(episode_id=self.ground.courses[given["client"]].episode)
        return {"contacts": [str(one) for one in here.values_list("id", flat=True)]}

    # Answers and alerts

    def answer(self) -> None:
        value = self.chance.randrange(4)
        self.ask("answer", {"client": self.chance.randrange(len(self.ground.forms)), "value": value}, self._answer)

    def _answer(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.measures.actions import answer_item

        client, form = self.ground.clients[given["client"]], self.ground.forms[given["client"]]
        made = answer_item(actor=client, at=self.now(), administration_id=form, item="9", value=given["value"])
        return {"id": made.answer_id, "alert": made.alert_id}

    # Care given and ended

    def grant(self) -> None:
        self.ask("grant", {"client": self.chance.randrange(len(self.ground.courses))}, self._grant)

    def _grant(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.episodes.actions import grant_care

        course = self.ground.courses[given["client"]]
        made = grant_care(
            actor=self.ground.manager, at=self.ground.founded, episode_id=course.episode,
            therapist_id=self.ground.other.account,
        )  # fmt: skip
        return {"id": made}

    def end(self) -> None:
        from rapport.practice.episodes.models import CareRelationship

        who = self.chance.randrange(len(self.ground.courses))
        mine = CareRelationship.objects.filter(account_id=self.ground.other.account, ended_at=None)
        care = mine.filter(episode_id=self.ground.courses[who].episode).values_list("id", flat=True).first()
        if care is not None:
            self.ask("end", {"client": who, "care": care}, self._end)

    def _end(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.episodes.actions import end_care

        end_care(actor=self.ground.manager, at=self.now(), care_id=given["care"])
        return {}

    def peek(self) -> None:
        self.ask("peek", {"client": self.chance.randrange(len(self.ground.courses))}, self._peek)

    def _peek(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.episodes.queries import episode

        found = episode(
            viewer=self.ground.other, at=self.now(), episode_id=self.ground.courses[given["client"]].episode
        )
        return {"client_id": found.client_id}

    # Erasure

    def erase(self) -> None:
        from tests.factories.people import a_course

        course = a_course(self.ground.other, "Somebody who leaves", at=self.ground.founded)
        self.ask("erase", {"client": course.client}, self._erase)

    def _erase(self, given: dict[str, Any]) -> dict[str, Any]:
        from rapport.practice.clients.actions import erase_client
        from rapport.practice.security.policy.actor import SYSTEM

        erase_client(
            actor=SYSTEM, at=self.now(), subject=given["client"], requested_by=self.ground.manager.account,
            facts={"ground": "asked"},
        )  # fmt: skip
        return {}


def hang_up() -> None:
    """Leave a connection that broke; the next question opens another."""
    from django.db import connections

    for connection in connections.all():
        connection.close()


def refusals() -> tuple[type[Exception], ...]:
    """The refusals that have a name."""
    from rapport.practice.episodes.rules import EpisodeRefused
    from rapport.practice.measures.actions import FormClosed
    from rapport.practice.security.policy.access import Refused
    from rapport.practice.sessions.actions import NoteConflict, NoteSigned, NothingToSign
    from rapport.practice.sessions.rules import DiaryRefusal

    return Refused, DiaryRefusal, EpisodeRefused, FormClosed, NoteConflict, NoteSigned, NothingToSign
