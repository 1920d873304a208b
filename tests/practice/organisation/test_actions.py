"""Founding and changing the practice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.factories.organisation import TERMS, a_practice
from tests.factories.people import AT, a_manager, a_therapist

from rapport.practice.organisation.actions import (
    AlreadyFounded,
    NotYetFounded,
    add_room,
    change_jurisdiction,
    close_room,
    edit_pack,
    edit_practice,
    found_practice,
)
from rapport.practice.organisation.choices import CrisisContact, Jurisdiction
from rapport.practice.organisation.queries import is_founded, practice, practice_zone, rooms, shipped_packs
from rapport.practice.organisation.rules import PracticeRefused
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import NOBODY, SYSTEM


def events(kind: str) -> list[str]:
    return list(AuditEvent.objects.filter(object_type=kind, decision="allow").values_list("action", flat=True))


def test_a_practice_is_founded_once_with_its_own_copy_of_a_pack() -> None:
    assert not is_founded()
    a_practice()
    facts = practice(viewer=NOBODY, at=AT)
    assert (facts.name, facts.alias, facts.zone) == ("Lindenhof Psychotherapy", "Lindenhof", ZoneInfo("Europe/London"))
    assert [contact.number for contact in facts.crisis] == ["999", "116 123", "111"]
    assert facts.age_of_consent == 16
    assert practice_zone() == ZoneInfo("Europe/London")
    assert events("organisation") == ["found"]
    with pytest.raises(AlreadyFounded):
        a_practice()


def test_before_it_is_founded_the_widest_emergency_number_holds() -> None:
    facts = practice(viewer=NOBODY, at=AT)
    assert not facts.founded
    assert facts.crisis[0].number == "112"
    with pytest.raises(NotYetFounded):
        edit_practice(actor=a_manager(), at=AT, terms=TERMS)


def test_only_the_console_founds_and_only_a_manager_edits() -> None:
    with pytest.raises(Forbidden):
        found_practice(actor=a_manager(), at=AT, terms=TERMS, jurisdiction=Jurisdiction.UK)
    a_practice()
    for action, given in ((edit_practice, {"terms": TERMS}), (add_room, {"name": "Blue room"})):
        with pytest.raises(Forbidden):
            action(actor=a_therapist(), at=AT, **given)  # type: ignore[operator]
    assert AuditEvent.objects.filter(decision="deny").count() == 3


def test_a_manager_changes_hours_and_a_past_holiday_may_stay() -> None:
    a_practice()
    holidays = frozenset({date(2025, 12, 25), date(2026, 12, 25)})
    edit_practice(actor=a_manager(), at=AT, terms=replace(TERMS, day_starts=time(8), holidays=holidays))
    working = practice(viewer=NOBODY, at=AT).working
    assert working.holidays == holidays
    assert working.is_open(datetime(2026, 12, 24, 8, 0))  # noqa: DTZ001
    assert not working.is_open(datetime(2026, 12, 25, 8, 0))  # noqa: DTZ001
    assert not working.is_open(datetime(2026, 12, 26, 8, 0))  # noqa: DTZ001
    assert events("organisation") == ["found", "edit"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 121}),
        ("name", {"name": "Linden\x00hof"}),
        ("alias", {"alias": ""}),
        ("alias", {"alias": "Lindenhof Psychotherapy"}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("zone", {"zone": "../../etc/passwd"}),
        ("zone", {"zone": ""}),
        ("working_days", {"working_days": frozenset()}),
        ("working_days", {"working_days": frozenset({7})}),
        ("day_ends", {"day_starts": time(18), "day_ends": time(9)}),
        ("day_ends", {"day_starts": time(9), "day_ends": time(9)}),
    ],
)
def test_what_cannot_be_so_is_refused_by_name(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(PracticeRefused) as refused:
        a_practice(terms=replace(TERMS, **change))
    assert refused.value.field == field
    assert str(refused.value)
    assert not is_founded()


def test_the_practice_edits_its_copy_and_may_begin_again_with_another_pack() -> None:
    a_practice(Jurisdiction.EU)
    manager = a_manager()
    pack = practice(viewer=manager, at=AT).pack
    own = CrisisContact("Krisendienst", "0800 6553000", "day and night", verified=True)
    edit_pack(actor=manager, at=AT, pack=replace(pack, crisis=(pack.crisis[0], own)))
    assert practice(viewer=manager, at=AT).crisis[1] == own
    assert shipped_packs()[Jurisdiction.EU] == pack
    change_jurisdiction(actor=manager, at=AT, jurisdiction=Jurisdiction.US)
    assert [contact.number for contact in practice(viewer=manager, at=AT).crisis] == ["911", "988"]
    assert events("organisation") == ["found", "edit", "edit"]


def test_a_pack_without_help_or_with_impossible_years_is_refused() -> None:
    a_practice()
    manager = a_manager()
    pack = practice(viewer=manager, at=AT).pack
    for wrong in (
        replace(pack, crisis=()),
        replace(pack, crisis=(CrisisContact("Helpline", "call us", "always"),)),
        replace(pack, crisis=(CrisisContact("", "112", "always"),)),
        replace(pack, retention=replace(pack.retention, years=0)),
        replace(pack, age_of_consent=replace(pack.age_of_consent, years=99)),
        replace(pack, confidentiality=replace(pack.confidentiality, text=" ")),
    ):
        with pytest.raises(PracticeRefused):
            edit_pack(actor=manager, at=AT, pack=wrong)
    assert practice(viewer=manager, at=AT).pack == pack


def test_rooms_open_and_close_and_keep_their_names_apart() -> None:
    a_practice()
    manager, therapist = a_manager(), a_therapist()
    blue = add_room(actor=manager, at=AT, name=" Blue  room ")
    with pytest.raises(PracticeRefused):
        add_room(actor=manager, at=AT, name="BLUE ROOM")
    with pytest.raises(PracticeRefused):
        add_room(actor=manager, at=AT, name="")
    assert [room.name for room in rooms(viewer=therapist, at=AT)] == ["Blue room"]
    close_room(actor=manager, at=AT, room_id=blue)
    assert rooms(viewer=therapist, at=AT) == ()
    assert len(rooms(viewer=therapist, at=AT, closed=True)) == 1
    with pytest.raises(NotFound):
        close_room(actor=manager, at=AT, room_id=blue)
    with pytest.raises(Forbidden):
        rooms(viewer=NOBODY, at=AT)
    assert events("meeting_room") == ["create", "close"]


@pytest.mark.parametrize("jurisdiction", Jurisdiction)
def test_every_shipped_pack_is_one_a_practice_could_have_written(jurisdiction: Jurisdiction) -> None:
    a_practice()
    pack = shipped_packs()[jurisdiction]
    edit_pack(actor=a_manager(), at=AT, pack=pack)
    assert practice(viewer=SYSTEM, at=AT).pack == pack
    assert pack.crisis[0].verified
