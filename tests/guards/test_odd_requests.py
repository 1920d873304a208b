"""Requests no page of ours sends: other verbs, formats and spellings, and parameters nobody offered.

A01, A02, A10, C04, C14, C19, C20 of docs/security-cases.md. A refusal stays a refusal however it is asked for; what is
open says no more than before, and nothing of it fails. People and ways take turns over the addresses: each address
is asked in six ways, and everybody asks in every way.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve
from tests.factories.world import World
from tests.guards.addresses import Address, addresses
from tests.guards.safety import unsafe
from tests.guards.test_allow_and_deny import expected, fits, leaks
from tests.guards.visits import Answer, Visitor, visit

VERBS = ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
FORMATS = ("application/json", "text/csv", "application/pdf", "application/fhir+json", "image/png", "nonsense")
OVERRIDE = {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/desk/", "X-Rewrite-URL": "/desk/"}
STRANGERS = ("nobody", "stranger", "other client", "manager")
SPELLINGS = ("{}x.css", "{}.json", "/{}", "/desk/..{}", "{}\x00", "{};a=1", "{}index.php", " {}")
# What our pages look for, and what somebody else's software built queries and answers from (CVE-2026-24908, -29187).
OURS = {
    name
    for file in (Path(__file__).resolve().parents[2] / "src" / "rapport" / "web").rglob("*.py")
    for name in re.findall(r'GET\.get(?:list)?\("(\w+)"', file.read_text(encoding="utf-8"))
}
THEIRS = (
    "order_by", "sort", "filter[name]", "author__password__startswith", "fields", "client_id", "pid", "patient_id",
    "format", "debug", "_method", "callback", "__proto__[x]", "day", "week", "month", "from", "until", "person", "id",
)  # fmt: skip
DAYS = ("9999-12-31", "0001-01-01", "2026-02-30")


def _ways(address: Address, turn: int) -> list[tuple[str, dict[str, str]]]:
    """Six ways to ask for an address, others with each turn."""
    return [
        (VERBS[turn % 6], {}),
        (VERBS[(turn + 3) % 6], {}),
        ("GET", {"Accept": FORMATS[turn % 6]}),
        ("GET", {"Accept": FORMATS[(turn + 3) % 6]}),
        ("GET", {"HX-Request": "true"}),
        ("POST", OVERRIDE),
    ]


def _is_refused(visitor: Visitor, method: str, answer: Answer, wanted: str) -> bool:
    if method in VERBS and answer.status in (403, 404, 405):  # another verb may be refused before anything else
        return True
    # A script hears of the door by a status of its own.
    return fits(visitor, method, answer, wanted) or (wanted == "door" and answer.status == 401)


def _faults(answer: Answer, visitor: Visitor, world: World) -> Iterator[str]:
    yield from (f"tells {token}" for token in sorted(leaks(answer, visitor, world))[:2])
    yield from unsafe(answer)
    if answer.status >= 500:
        yield "fails"
    if answer.changed:
        yield f"changed {sorted(answer.touched)}"


def test_no_verb_or_format_opens_what_is_closed(people: dict[str, Visitor], world: World) -> None:
    wrong, asked = [], 0
    for turn, address in enumerate(addresses()):
        path = address.of(world.own, own=people["carer"].own)
        for place, (method, headers) in enumerate(_ways(address, turn)):
            visitor = people[STRANGERS[(turn + place) % len(STRANGERS)]]
            wanted = expected(visitor, address, is_foreign=True)
            if wanted == "open":
                continue
            asked += 1
            answer = visit(visitor, method, path, address.form if method == "POST" else None, **headers)
            where = f"{visitor.name} {method} {path} {headers}: {answer.status}"
            wrong += [f"{where} {fault}" for fault in _faults(answer, visitor, world)]
            if not _is_refused(visitor, method, answer, wanted):
                wrong.append(f"{where}, expected {wanted}")
    assert asked > 500
    assert not wrong, "\n".join(wrong)


def test_no_other_spelling_is_an_address(world: World) -> None:
    """No cache keeps a page under the name of a style sheet, and no filter in front is passed by a detour."""
    for address in addresses():
        path = address.of(world.own)
        assert resolve(path)
        for other in (*(spelling.format(path) for spelling in SPELLINGS), path.upper(), path.rstrip("/")):
            if other != path:
                with pytest.raises(Resolver404):
                    resolve(other)


@pytest.mark.parametrize("name", ["carer", "own client", "manager"])
def test_no_parameter_makes_an_open_page_fail_or_tell_more(name: str, people: dict[str, Visitor], world: World) -> None:
    visitor, wrong = people[name], []
    for turn, address in enumerate(addresses()):
        if expected(visitor, address, is_foreign=False) != "open":
            continue
        path = address.of(world.own, own=visitor.own)
        values = ("\x00' OR 1=1 --", "9" * 40, DAYS[turn % len(DAYS)], str(world.other.client))
        # What looks for no parameter is asked once, with another value each.
        for value in values if _looks_for_parameters(path) else values[turn % 4 :][:1]:
            answer = visit(visitor, "GET", path, {name: [value, value] for name in sorted((*OURS, *THEIRS))})
            wrong += [f"{path} {value}: {answer.status} {fault}" for fault in _faults(answer, visitor, world)]
    assert not wrong, "\n".join(wrong)


def _looks_for_parameters(path: str) -> bool:
    return "request.GET" in Path(str(sys.modules[resolve(path).func.__module__].__file__)).read_text(encoding="utf-8")


def test_an_opened_door_and_a_fault_would_be_seen(
    people: dict[str, Visitor], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    assert {"q", "page", "next", "kind"} <= OURS
    home = Answer(200, b"CANARY-own-reason", {}, 0, 0, frozenset({"clients_client"}))
    assert not _is_refused(people["stranger"], "GET", home, "hidden")
    assert {"tells CANARY-own-reason", "changed ['clients_client']"} <= set(_faults(home, people["stranger"], world))
    monkeypatch.setattr("rapport.web.doors.page.is_reader", lambda request: 1 / 0)
    assert "fails" in set(_faults(visit(people["carer"], "GET", "/desk/"), people["carer"], world))
