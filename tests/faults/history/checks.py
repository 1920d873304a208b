"""What must be true of every history, each as one function that names what is wrong.

The numbers are those of the checker's plan. 8 (money) waits for payments. A check takes the history and the record as
it was found at the end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tests.faults.history.events import Operation

History = tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands at the end."""

    version: int
    text: str
    text_hash: str
    is_signed: bool
    is_intact: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """A session as it stands at the end: minutes since the beginning of time."""

    therapist: str
    client: str
    begins: int
    ends: int
    is_held: bool  # planned or past, not cancelled


@dataclass(frozen=True, slots=True)
class Answered:
    """A kept answer: whether it needs a person, and the alert it led to."""

    needs_a_person: bool
    alert: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert: how often it was raised, and whether anybody has to answer for it."""

    times: int
    has_owner: bool


@dataclass(frozen=True, slots=True)
class Final:
    """The record after everybody has gone."""

    notes: Mapping[str, Note] = field(default_factory=dict)
    hours: Mapping[str, Hour] = field(default_factory=dict)
    answers: Mapping[str, Answered] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)
    addenda: frozenset[str] = frozenset()
    contacts: Mapping[str, bool] = field(default_factory=dict)  # id → whether it is void
    cares: Mapping[str, bool] = field(default_factory=dict)  # id → whether it has ended
    erased: Mapping[str, bool] = field(default_factory=dict)  # client → whether anything of theirs still opens
    events: Mapping[tuple[str, str, str], int] = field(default_factory=dict)  # (thing, id, action) → how many


def of(history: Iterable[Operation], *kinds: str) -> Iterator[Operation]:
    return (one for one in history if one.kind in kinds)


def nothing_acknowledged_is_lost(history: History, final: Final) -> list[str]:
    """1: whatever somebody was told is kept, is there."""
    kept: dict[str, Container[str]] = {
        "book": final.hours, "answer": final.answers, "add": final.addenda, "contact": final.contacts,
        "grant": final.cares,
    }  # fmt: skip
    told = [one for one in of(history, *kept, "save", "sign") if one.is_ok]
    wrong = [f"{one.kind} {one.got['id']}" for one in told if one.kind in kept and one.got["id"] not in kept[one.kind]]
    for one in of(told, "save"):
        note = final.notes.get(one.given["note"])
        if note is None or note.version < one.got["version"]:
            wrong.append(f"save {one.given['note']} version {one.got['version']}")
        elif note.version == one.got["version"] and note.text != one.given["text"]:
            wrong.append(f"save {one.given['note']}: another text at version {note.version}")
    wrong += [
        f"sign {one.given['note']}"
        for one in of(told, "sign")
        if not (one.given["note"] in final.notes and final.notes[one.given["note"]].is_signed)
    ]
    return wrong


def nothing_is_half_done(history: History, final: Final) -> list[str]:
    """2: no answer without its alert, no signed note whose signing nobody can find in the trail."""
    answers = final.answers.items()
    wrong = [f"answer {key} without alert" for key, one in answers if one.needs_a_person and not one.alert]
    wrong += [
        f"note {key} signed without event"
        for key, note in final.notes.items()
        if note.is_signed and not final.events.get(("progress_note", key, "sign"))
    ]
    return wrong


def nothing_void_comes_back(history: History, final: Final) -> list[str]:
    """3: what was taken back or erased stays so, and nobody sees it afterwards."""
    wrong = []
    for one in of(history, "void"):
        if one.is_ok and not final.contacts.get(one.given["contact"], False):
            wrong.append(f"contact {one.given['contact']} is back")
        wrong += [
            f"contact {one.given['contact']} was seen after it was taken back"
            for look in of(history, "look")
            if one.is_ok and look.is_ok and look.asked > one.answered and one.given["contact"] in look.got["contacts"]
        ]
    wrong += [
        f"client {one.given['client']} opens again"
        for one in of(history, "erase")
        if one.is_ok and final.erased.get(one.given["client"], True)
    ]
    return wrong


def no_save_overwrites_another(history: History, final: Final) -> list[str]:
    """4: every accepted save names the version before it, and no two name the same."""
    accepted: defaultdict[tuple[str, int], set[str]] = defaultdict(set)  # signed twice is signed once
    wrong = []
    for one in of(history, "save", "sign"):
        if not one.is_ok:
            continue
        parent = one.given["version"]
        if one.kind == "save" and one.got["version"] != parent + 1:
            wrong.append(f"{one.given['note']}: {parent} became {one.got['version']}")
        accepted[one.given["note"], parent].add("signed" if one.kind == "sign" else str(one.asked))
    twice = [(place, who) for place, who in accepted.items() if len(who) > 1]
    return wrong + [f"{note}: {len(who)} writers began from {version}" for (note, version), who in twice]


def everybody_reads_what_they_wrote(history: History, final: Final) -> list[str]:
    """5: after a save was acknowledged, the same process sees it or something newer."""
    wrong, seen = [], {}
    for one in history:
        if not one.is_ok or one.kind not in ("save", "read"):
            continue
        place = one.process, one.given["note"]
        if one.kind == "read" and one.got["version"] < seen.get(place, 0):
            wrong.append(f"{one.process} read {one.got['version']} of {one.given['note']} after {seen[place]}")
        seen[place] = max(seen.get(place, 0), one.got["version"])
    return wrong


def nobody_is_booked_twice(history: History, final: Final) -> list[str]:
    """6: no two hours of one therapist or one client at once."""
    wrong = []
    for who in ("therapist", "client"):
        diary: defaultdict[str, list[Hour]] = defaultdict(list)
        for hour in final.hours.values():
            if hour.is_held:
                diary[getattr(hour, who)].append(hour)
        for person, hours in diary.items():
            by_time = sorted(hours, key=lambda hour: hour.begins)
            wrong += [
                f"{who} {person} twice at {late.begins}"
                for early, late in pairwise(by_time)
                if late.begins < early.ends
            ]
    return wrong


def signed_text_never_changes(history: History, final: Final) -> list[str]:
    """7: the hash a signer saw is the hash at the end, and the words still give it."""
    signed = [(key, note) for key, note in final.notes.items() if note.is_signed]
    wrong = [f"note {key} is not what was signed" for key, note in signed if not note.is_intact]
    for one in of(history, "sign", "read"):
        seen, note = one.got.get("hash"), final.notes.get(one.given["note"])
        if one.is_ok and seen and (note is None or note.text_hash != seen):
            wrong.append(f"note {one.given['note']} was signed as {seen[:8]}")
    return wrong


def every_change_has_one_event(history: History, final: Final) -> list[str]:
    """9: as many events as changes, for each thing."""
    wanted: Counter[tuple[str, str, str]] = Counter()
    for key, note in final.notes.items():
        wanted["progress_note", key, "sign"] = int(note.is_signed)
        wanted["progress_note", key, "edit"] = note.version - 1 - int(note.is_signed)
    for key, hour in final.hours.items():
        wanted["appointment", key, "booked"] = 1
        wanted["appointment", key, "cancelled"] = int(not hour.is_held)
    for key, is_void in final.contacts.items():
        wanted["contact_event", key, "create"] = 1
        wanted["contact_event", key, "void"] = int(is_void)
    for key, has_ended in final.cares.items():
        wanted["care_relationship", key, "grant"] = 1
        wanted["care_relationship", key, "end"] = int(has_ended)
    return [
        f"{' '.join(thing)}: {final.events.get(thing, 0)} events for {count}"
        for thing, count in wanted.items()
        if final.events.get(thing, 0) != count
    ]


def no_alert_is_lost(history: History, final: Final) -> list[str]:
    """10: every answer that needs a person has an alert that exists, has an owner and was counted."""
    wrong = []
    led_to: Counter[str] = Counter(one.alert for one in final.answers.values() if one.alert)
    for alert, count in led_to.items():
        found = final.alerts.get(alert)
        if found is None:
            wrong.append(f"alert {alert} is nowhere")
        elif found.times != count:
            wrong.append(f"alert {alert} counts {found.times} for {count}")
        elif not found.has_owner:
            wrong.append(f"alert {alert} has no owner")
    told = (one.got["alert"] for one in of(history, "answer") if one.is_ok)
    return wrong + [f"alert {one} was acknowledged and is nowhere" for one in told if one and one not in final.alerts]


def no_right_outlives_its_end(history: History, final: Final) -> list[str]:
    """11: what a revoked right opened, it opens no more once the end was acknowledged, unless it was given again."""
    wrong = []
    grants = [one for one in of(history, "grant") if one.may_be_done]
    ends = [one for one in of(history, "end") if one.is_ok]
    for look in of(history, "peek"):
        who = look.given["client"]
        before = [one for one in ends if one.given["client"] == who and one.answered < look.asked]
        if not look.is_ok or not before:
            continue
        last = max(before, key=lambda end: end.asked)
        if not any(g.given["client"] == who and g.asked < look.answered and g.answered > last.asked for g in grants):
            wrong.append(f"{look.process} saw {who} after the end at {last.answered}")
    return wrong


def the_unknown_is_done_or_not(history: History, final: Final) -> list[str]:
    """12: one number, one thing: whoever asks again after silence makes no second one."""
    made: defaultdict[str, set[str]] = defaultdict(set)
    for one in of(history, "book", "contact"):
        if one.is_ok:
            made[one.given["key"]].add(one.got["id"])
    wrong = [f"number {key} made {len(ids)} things" for key, ids in made.items() if len(ids) > 1]
    for kind, kept in (("book", final.hours), ("contact", final.contacts)):
        numbers = {one.given["key"] for one in of(history, kind) if one.may_be_done}
        if len(kept) > len(numbers):
            wrong.append(f"{kind}: {len(kept)} things of {len(numbers)} numbers")
    for note, found in final.notes.items():
        mine = [one for one in of(history, "save", "sign") if one.given["note"] == note]
        sure = len({one.kind if one.kind == "sign" else one.asked for one in mine if one.is_ok})
        perhaps = sum(one.outcome == "info" for one in mine)
        if not sure <= found.version - 1 <= sure + perhaps:
            wrong.append(f"note {note}: {found.version - 1} changes, {sure} acknowledged, {perhaps} unknown")
    return wrong


Check = Callable[[History, Final], list[str]]
CHECKS: dict[int, Check] = {
    1: nothing_acknowledged_is_lost,
    2: nothing_is_half_done,
    3: nothing_void_comes_back,
    4: no_save_overwrites_another,
    5: everybody_reads_what_they_wrote,
    6: nobody_is_booked_twice,
    7: signed_text_never_changes,
    9: every_change_has_one_event,
    10: no_alert_is_lost,
    11: no_right_outlives_its_end,
    12: the_unknown_is_done_or_not,
}


def violations(history: History, final: Final) -> dict[int, list[str]]:
    """What each check found; empty if all is well."""
    found = {number: check(history, final) for number, check in CHECKS.items()}
    return {number: wrong for number, wrong in found.items() if wrong}
