"""Founding the practice: its rooms, its people, the pack it asks with."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from rapport.demo.stage import Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.measures.actions import install_pack
from rapport.practice.organisation.actions import add_room, found_practice
from rapport.practice.organisation.choices import Jurisdiction, PracticeTerms
from rapport.practice.process_notes.actions import read_notice
from rapport.practice.security.accounts.actions import new_account
from rapport.practice.security.policy.actor import SYSTEM, Actor, Role

UNUSABLE = "!"  # no password fits it: people come in by a link


def found(stage: Stage) -> Scene:
    """The first morning."""
    house = words("practice")
    yield stage.begins
    found_practice(actor=SYSTEM, at=stage.begins, terms=terms(stage), jurisdiction=Jurisdiction("uk"))
    for place, person in enumerate(house["staff"]):
        at = stage.begins + timedelta(minutes=5 + place)
        yield at
        stage.staff[person["key"]] = _employ(person, at)
    ruth, at = stage.staff["ruth"], stage.begins + timedelta(minutes=20)
    yield at
    rooms = {name: add_room(actor=ruth, at=at, name=name) for name in house["rooms"]}
    stage.rooms.update({one["key"]: rooms[one["room"]] for one in house["staff"] if "room" in one})
    for pack in house["packs"]:
        install_pack(actor=ruth, at=at, pack=pack)
    at += timedelta(minutes=40)
    yield at
    for key in stage.rooms:
        read_notice(actor=stage.staff[key], at=at)


def terms(stage: Stage) -> PracticeTerms:
    """How the practice presents itself. While the year is played nobody is written to: it is last year's mail."""
    house = words("practice")
    return PracticeTerms(
        name=house["name"],
        alias=house["alias"],
        phone=house["phone"],
        zone=house["zone"],
        working_days=frozenset(house["working_days"]),
        day_starts=time.fromisoformat(house["day_starts"]),
        day_ends=time.fromisoformat(house["day_ends"]),
        holidays=stage.closed_days(),
        reminder_hours=None,
        confirms=False,
    )


def _employ(person: Words, at: datetime) -> Actor:
    roles = frozenset(Role(role) for role in person["roles"])
    account = new_account(
        actor=SYSTEM, at=at, email=person["email"], name=person["name"], roles=roles, password=UNUSABLE,
        client_id=None,
    )  # fmt: skip
    return Actor(account, roles, name=person["name"])
