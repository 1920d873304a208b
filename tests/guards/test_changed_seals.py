"""Sealed columns changed past the practice: a clear refusal, no word of another, and everybody else's work goes on.

E02, E03 of docs/security-cases.md. Somebody with the data file and without the keys moves a row's seal to another row,
cuts it, or flips a bit of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from tests.factories.world import NOW, World
from tests.guards.addresses import addresses
from tests.guards.safety import unsafe
from tests.guards.test_allow_and_deny import expected, leaks
from tests.guards.visits import Visitor, visit, without_a_trace

from rapport.practice.clients.models import Client, SafeContactVersion
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.keys import seals
from rapport.practice.security.keys.api import Compartment, SealBroken
from rapport.practice.security.policy.actor import SYSTEM
from rapport.web.doors import doorkeeper

SEALED = re.compile(r'"(\w+)"\."(\w+_sealed)"')
REFUSAL = b"This does not open any more"
CHANGED = b"was changed outside Rapport and does not open"
Damage = Callable[[list[bytes]], list[bytes]]


def moved(seals: list[bytes]) -> list[bytes]:
    """Each in the place of another."""
    return seals[1:] + seals[:1] if len(seals) > 1 else cut(seals)


def cut(seals: list[bytes]) -> list[bytes]:
    return [seal[: len(seal) // 2] for seal in seals]


def flipped(seals: list[bytes]) -> list[bytes]:
    """One bit of the sealed words, well behind the nonce."""
    return [seal[:-1] + bytes([seal[-1] ^ 1]) for seal in seals]


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column, and a page on which somebody reads it."""

    model: type[models.Model]
    name: str
    visitor: Visitor
    path: str

    def damage(self, how: Damage, rows: models.QuerySet | None = None) -> None:
        rows = self.model._default_manager.all() if rows is None else rows
        known = rows.exclude(**{self.name: b""}).exclude(**{self.name: None}).order_by("pk")
        kept = list(known.values_list("pk", self.name))
        for (pk, _), seal in zip(kept, how([bytes(seal) for _, seal in kept]), strict=True):
            self.model._default_manager.filter(pk=pk).update(**{self.name: seal})


def _read(visitor: Visitor, world: World) -> Iterator[tuple[str, str, str]]:
    """Which sealed columns each page asks the database for: table, column, path."""
    for address in addresses():
        if expected(visitor, address, is_foreign=False) == "open":
            path = address.of(world.own, own=visitor.own)
            with without_a_trace(), CaptureQueriesContext(connection) as asked:
                if visitor.browser.get(path).status_code == 200:
                    yield from ((*found, path) for query in asked for found in set(SEALED.findall(query["sql"])))


@pytest.fixture(scope="module")
def columns(people: dict[str, Visitor], world: World) -> list[Column]:
    """Every sealed column that a page reads, once."""
    of_table = {model._meta.db_table: model for model in apps.get_models()}
    found: dict[tuple[str, str], Column] = {}
    for name in ("carer", "own client", "manager"):
        for table, column, path in _read(people[name], world):
            found.setdefault((table, column), Column(of_table[table], column, people[name], path))
    return list(found.values())


def faults(columns: list[Column], how: Damage, world: World) -> tuple[list[str], int]:
    """What was wrong with the answers, and how many refused."""
    wrong, refusals = [], 0
    for column in columns:
        with without_a_trace():
            column.damage(how)
            answer = visit(column.visitor, "GET", column.path)
        told, is_refused = leaks(answer, column.visitor, world), REFUSAL in answer.body
        refusals += is_refused
        if told or (answer.status >= 500 and not is_refused) or answer.changed or unsafe(answer):
            wrong.append(f"{column.model.__name__}.{column.name} {column.path}: {answer.status} {sorted(told)[:2]}")
        if is_refused and answer.denials != 1:
            wrong.append(f"{column.path}: {answer.denials} entries in the trail")
    return wrong, refusals


@pytest.mark.parametrize("how", [moved, cut, flipped])
def test_what_was_changed_past_the_practice_is_refused_clearly(
    columns: list[Column], world: World, how: Damage
) -> None:
    wrong, refusals = faults(columns, how, world)
    assert not wrong, "\n".join(wrong)
    assert refusals > len(columns) // 2 > 20


def test_a_fault_instead_of_a_refusal_would_be_seen(
    columns: list[Column], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(doorkeeper, "SealBroken", ZeroDivisionError)
    wrong, refusals = faults(columns[:12], cut, world)
    assert wrong
    assert refusals == 0


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels of whatever did not open."""
    found: list[str] = []
    real = seals.unseal_bytes

    def heard(compartment: Compartment, label: str, row: UUID, blob: bytes) -> bytes:
        try:
            return real(compartment, label, row, blob)
        except SealBroken:
            found.append(label)
            raise

    monkeypatch.setattr(seals, "unseal_bytes", heard)
    return found


HOMES = {
    "carer": ("/desk/", "/desk/caseload/", "/desk/clients/", "/desk/waiting/", "/desk/alerts/"),
    "manager": ("/office/", "/office/people/", "/office/clients/"),
    "own client": ("/portal/help/",),
}


def test_no_damaged_row_closes_the_pages_everybody_begins_on(
    people: dict[str, Visitor], world: World, broken: list[str]
) -> None:
    """The therapist's day, the lists, the office and the client's card of help come, and the trail keeps it."""
    of_table = {model._meta.db_table: model for model in apps.get_models()}
    wrong, noticed = [], 0
    for name, paths in HOMES.items():
        for path in paths:
            with without_a_trace(), CaptureQueriesContext(connection) as asked:
                assert people[name].browser.get(path).status_code == 200, path
            for table, column in sorted({found for query in asked for found in SEALED.findall(query["sql"])}):
                with without_a_trace():
                    Column(of_table[table], column, people[name], path).damage(flipped)
                    broken.clear()
                    answer = visit(people[name], "GET", path)
                noticed += bool(broken)
                said = CHANGED in answer.body or name == "own client"
                if answer.status != 200 or leaks(answer, people[name], world) or (broken and not said):
                    wrong.append(f"{path} {table}.{column}: {answer.status}, not said")
                if answer.denials != bool(broken):
                    wrong.append(f"{path} {table}.{column}: {answer.denials} in the trail")
    assert not wrong, "\n".join(wrong)
    assert noticed > 10


def test_no_document_is_made_of_what_does_not_open(people: dict[str, Visitor], world: World) -> None:
    carer, refused = people["carer"], 0
    papers = [each for each in addresses() if "pdf" in each.route and expected(carer, each, is_foreign=False) == "open"]
    paths = [each.of(world.own, own=carer.own) for each in papers]
    with without_a_trace():
        whole = [path for path in paths if carer.browser.get(path)["Content-Type"] == "application/pdf"]
        Column(Client, "name_sealed", carer, "").damage(flipped)
        for path in whole:
            answer = visit(carer, "GET", path)
            assert REFUSAL in answer.body, path
            refused += answer.denials
    assert refused == len(whole) >= 2


def test_one_damaged_client_hides_nobody_else(people: dict[str, Visitor], world: World) -> None:
    """Lists go on, and so does the post: an alert must not wait behind a row that does not open."""
    manager, wrong = people["manager"], []
    damaged = ((Client, "name_sealed", "id"), (Client, "details_sealed", "id"))
    damaged += ((SafeContactVersion, "content_sealed", "client_id"),)
    mail.outbox.clear()
    with without_a_trace():
        for model, name, owner in damaged:
            rows = model.objects.filter(**{owner: world.own.client})
            Column(model, name, manager, "").damage(flipped, rows)
        for address in addresses():
            if not address.parts and expected(manager, address, is_foreign=False) == "open":
                answer = visit(manager, "GET", address.of(world.own))
                if answer.status >= 500:
                    wrong.append(f"/{address.route}: {answer.status}")
        directory = visit(manager, "GET", "/office/clients/")
        deliver_due(actor=SYSTEM, at=NOW)
    assert not wrong, "\n".join(wrong)
    assert "CANARY-other-name" in directory.tokens()
    assert b"A name that does not open" in directory.body
    assert len(mail.outbox) >= 2
