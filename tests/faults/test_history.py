"""Many hands in one practice while some are killed, stopped or cut off (G04, G23 to G26)."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import pytest
from tests.config.practice_on_disk import run
from tests.faults.history.checks import CHECKS, Alert, Answered, Final, History, Hour, Note, violations
from tests.faults.history.events import Operation
from tests.postgres_cluster import Server

SHARE = 20
SIGNED = {"hash": "abc", "version": 3}


def did(kind: str, asked: int, given: dict[str, Any], got: dict[str, Any] | None = None, **more: Any) -> Operation:
    return replace(Operation("p1", kind, asked, asked + 1, "ok", given, got or {}), **more)


HAPPENED: History = (
    did("read", 0, {"note": "n"}, {"version": 1, "hash": ""}),
    did("save", 2, {"note": "n", "version": 1, "text": "words"}, {"version": 2}),
    did("sign", 4, {"note": "n", "version": 2}, SIGNED),
    did("add", 6, {"note": "n"}, {"id": "more"}),
    did("book", 8, {"key": "k"}, {"id": "hour"}),
    did("contact", 10, {"key": "c"}, {"id": "call"}),
    did("look", 12, {"client": 0}, {"contacts": ["call"]}),
    did("void", 14, {"contact": "call"}),
    did("look", 16, {"client": 0}, {"contacts": []}),
    did("answer", 18, {"client": 0, "value": 3}, {"id": "answer", "alert": "alert"}),
    did("grant", 20, {"client": 0}, {"id": "care"}),
    did("peek", 22, {"client": 0}, {"client_id": "0"}),
    did("end", 24, {"client": 0, "care": "care"}),
    did("peek", 26, {"client": 0}, outcome="fail"),
    did("erase", 28, {"client": "gone"}),
)
LEFT = Final(
    notes={"n": Note(3, "words", "abc", is_signed=True, is_intact=True)},
    hours={"hour": Hour("mara", "jonas", 0, 50, is_held=True)},
    answers={"answer": Answered(needs_a_person=True, alert="alert")},
    alerts={"alert": Alert(1, has_owner=True)},
    addenda=frozenset({"more"}),
    contacts={"call": True},
    cares={"care": True},
    erased={"gone": False},
    events={
        ("progress_note", "n", "edit"): 1,
        ("progress_note", "n", "sign"): 1,
        ("appointment", "hour", "booked"): 1,
        ("contact_event", "call", "create"): 1,
        ("contact_event", "call", "void"): 1,
        ("care_relationship", "care", "grant"): 1,
        ("care_relationship", "care", "end"): 1,
    },
)
SIGNED_NOTE = LEFT.notes["n"]


def left(**changed: Any) -> Final:
    return replace(LEFT, **changed)


# By the number of the check that must notice: what is added to the history, and what is left in the record instead.
FORGED: dict[str, tuple[int, History, Final]] = {
    "a booking is gone": (1, (), left(hours={})),
    "an addendum is gone": (1, (), left(addenda=frozenset())),
    "a save is gone": (1, (), left(notes={"n": replace(SIGNED_NOTE, version=1)})),
    "other words at the saved version": (1, (), left(notes={"n": replace(SIGNED_NOTE, version=2, text="other")})),
    "a signature is gone": (1, (), left(notes={"n": replace(SIGNED_NOTE, is_signed=False)})),
    "an answer without alert": (2, (), left(answers={"answer": Answered(needs_a_person=True, alert=None)})),
    "a signature without event": (2, (), left(events={})),
    "what was taken back is back": (3, (), left(contacts={"call": False})),
    "what was taken back is seen": (3, (did("look", 40, {"client": 0}, {"contacts": ["call"]}),), LEFT),
    "the erased opens": (3, (), left(erased={"gone": True})),
    "two saves of one version": (4, (did("save", 40, {"note": "n", "version": 1, "text": "x"}, {"version": 2}),), LEFT),
    "a save leaps": (4, (did("save", 40, {"note": "n", "version": 3, "text": "x"}, {"version": 5}),), LEFT),
    "an older note is read": (5, (did("read", 40, {"note": "n"}, {"version": 1, "hash": ""}),), LEFT),
    "two hours at once": (6, (), left(hours={**LEFT.hours, "late": Hour("mara", "ida", 30, 80, is_held=True)})),
    "one client in two hours": (6, (), left(hours={**LEFT.hours, "late": Hour("tess", "jonas", 30, 80, is_held=True)})),
    "signed words changed": (7, (), left(notes={"n": replace(SIGNED_NOTE, is_intact=False)})),
    "another hash than was signed": (7, (), left(notes={"n": replace(SIGNED_NOTE, text_hash="other")})),
    "a change without event": (9, (), left(events={**LEFT.events, ("appointment", "hour", "booked"): 0})),
    "one change told twice": (9, (), left(events={**LEFT.events, ("contact_event", "call", "void"): 2})),
    "an alert is nowhere": (10, (), left(alerts={})),
    "an alert counts too few": (10, (), left(alerts={"alert": Alert(2, has_owner=True)})),
    "an alert is nobody's": (10, (), left(alerts={"alert": Alert(1, has_owner=False)})),
    "a right outlives its end": (11, (did("peek", 40, {"client": 0}, {"client_id": "0"}),), LEFT),
    "one number, two things": (12, (did("book", 40, {"key": "k"}, {"id": "second"}),), LEFT),
    "more things than numbers": (12, (), left(contacts={"call": True, "second": False})),
    "more changes than anybody asked for": (12, (), left(notes={"n": replace(SIGNED_NOTE, version=5)})),
}


def test_a_right_history_passes() -> None:
    assert violations(HAPPENED, LEFT) == {}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_history_is_noticed(name: str) -> None:
    """The control of the checker: each check notices each way to break it."""
    number, added, final = FORGED[name]
    assert number in violations((*HAPPENED, *added), final)


def test_every_check_has_a_forged_history() -> None:
    assert {number for number, _, _ in FORGED.values()} == set(CHECKS)


def test_a_right_given_again_is_no_outliving() -> None:
    again = (did("grant", 40, {"client": 0}, {"id": "care"}), did("peek", 42, {"client": 0}, {"client_id": "0"}))
    assert 11 not in violations((*HAPPENED, *again), LEFT)


def test_what_nobody_heard_of_may_be_done_or_not() -> None:
    unheard = (did("save", 40, {"note": "n", "version": 3, "text": "x"}, outcome="info"),)
    for version in (3, 4):
        final = left(notes={"n": replace(SIGNED_NOTE, version=version)})
        assert 12 not in violations((*HAPPENED, *unheard), final)


def _history(*options: str) -> Any:
    done = run([sys.executable, "-m", "tests.faults.history", "--share", str(SHARE), *options], timeout=1200)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.fault
def test_many_hands_keep_a_practice_whole() -> None:
    found = _history()
    assert found["operations"] > SHARE
    assert "4" in found["control"]


@pytest.mark.fault
@pytest.mark.postgres
def test_many_hands_keep_a_practice_whole_on_postgres(postgres: Server) -> None:
    found = _history("--postgres", postgres.url("postgres"))
    assert found["operations"] > SHARE
