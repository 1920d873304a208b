"""Whether a process note or a memo of a rupture exists, nobody but its author can tell: not from a page or a count."""

from __future__ import annotations

import pytest
from tests.factories.alliance import write_rupture
from tests.factories.world import World, a_world, write_process_notes
from tests.guards.addresses import Address, addresses
from tests.guards.visits import Visitor, visit, visitors

WATCHERS = ("manager", "colleague", "stranger", "own client", "other client")
Seen = dict[str, tuple[int, bytes, dict[str, str]]]


@pytest.fixture(scope="module")
def unwritten(databases: None) -> World:
    return a_world(with_process_notes=False)


def _look(watchers: dict[str, Visitor], world: World) -> Seen:
    return {
        f"{name} {method} /{address.route}": visit(visitor, method, address.of(world.own, own=visitor.own)).said
        for name, visitor in watchers.items()
        for address in addresses()
        if not (address.route.startswith("desk/process/") and "note_id" in address.parts)
        and "rupture_id" not in address.parts
        for method in ("GET", "POST")
        if method == "GET" or _tells_of_the_trail(address)
    }


def _tells_of_the_trail(address: Address) -> bool:
    return address.cell == ("audit", "verify")


def test_nobody_can_tell_whether_there_is_a_process_note(unwritten: World) -> None:
    watchers = {name: visitor for name, visitor in visitors(unwritten).items() if name in WATCHERS}
    before = _look(watchers, unwritten)
    write_process_notes(unwritten.own)
    write_rupture(unwritten.own)
    after = _look(watchers, unwritten)
    assert len(before) > 400
    assert [where for where in before if before[where] != after[where]] == []
