"""The permission matrix, asked through every address: who is let in, who is not, and that a no says nothing.

Nothing is listed by hand. The addresses come from the switchboard, the expected answer from the mark of each page and
the matrix, the ids from the world.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from tests.factories.world import Someone, World
from tests.guards.addresses import Address, addresses
from tests.guards.safety import unsafe
from tests.guards.visits import Answer, Visitor, visit

from rapport.practice.security.policy.access import conditions_for
from rapport.practice.security.policy.actor import Role

METHODS = ("GET", "HEAD", "POST")
PEOPLE = ("nobody", "own client", "other client", "carer", "colleague", "stranger", "manager")
ROOMS = {"desk": {Role.THERAPIST, Role.MANAGER}, "office": {Role.MANAGER, Role.THERAPIST}, "portal": {Role.CLIENT}}
READER = {"portal": Role.CLIENT, "desk": Role.THERAPIST, "office": Role.MANAGER}
# Hours and notes are their therapist's own: a colleague in care opens neither the room nor what is not signed.
ONES_OWN = (
    "opener",
    "room", "session_moment", "progress_note", "process_note", "rupture", "frame", "snippet", "contact_event",
    "time_block", "calendar_feed",
)  # fmt: skip
# There, but not now: mail can be read in a demo practice only, and nobody of this world is disabled.
NOT_HERE = ("office:outbox_message", "office:enable_account")


def conditions(visitor: Visitor, address: Address) -> set[str]:
    room = ROOMS.get(address.route.partition("/")[0])
    if room and not room & visitor.actor.roles:
        return set()
    granted = conditions_for(address.cell[1], address.cell[0])
    return {granted[role] for role in visitor.actor.roles if role in granted}


def expected(visitor: Visitor, address: Address, *, is_foreign: bool) -> str:
    """`door` (sign in first), `forbidden` (403), `hidden` (404) or `open`."""
    if visitor.name == "nobody":
        return "open" if address.cell[0] == "public" else "door"
    held = conditions(visitor, address)
    if not held:
        return "forbidden"
    is_anothers = address.personal or (address.bound and "always" not in held)
    return "hidden" if is_foreign and is_anothers else "open"


def fits(visitor: Visitor, method: str, answer: Answer, wanted: str) -> bool:
    if answer.status == 405:  # the page knows no such verb, whoever asks
        return True
    if leads_on(method, answer, wanted):
        return visit(visitor, "GET", answer.headers["Location"]).status == 404
    match wanted:
        case "door":
            return answer.status == 302 and answer.headers["Location"].startswith("/sign-in/?next=")
        case "forbidden":
            return answer.status == 403
        case "hidden":
            return answer.status == 404
        case _:
            return answer.status < 500


def leads_on(method: str, answer: Answer, wanted: str) -> bool:
    """A page that takes posts only sends whoever comes back from the door to the thing itself, which then refuses."""
    return wanted == "hidden" and method != "POST" and answer.status in (302, 303)


def home_of(visitor: Visitor, world: World) -> tuple[Someone, Someone]:
    """Whose ids are this person's to use, and whose are not."""
    if visitor.name in ("stranger", "other client"):
        return world.other, world.own
    return world.own, world.other


@pytest.fixture(params=PEOPLE)
def visitor(request: pytest.FixtureRequest, people: dict[str, Visitor]) -> Visitor:
    return people[request.param]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.INFO)
    yield caplog
    assert "CANARY" not in caplog.text


def leaks(answer: Answer, visitor: Visitor, world: World) -> set[str]:
    return {token for token in answer.tokens() if not visitor.may_read(token, world)}


def test_every_address_can_be_filled_in(world: World) -> None:
    assert len(addresses()) > 100
    assert all(address.of(world.own) for address in addresses())


# What this world does not fill: what opens an account is not a client's, and nothing has been closed yet.
NOT_FILLED = {("TimeCode", "secret_sealed"), ("Closing", "result_sealed")}


def test_every_sealed_column_of_the_record_holds_something(people: dict[str, Visitor]) -> None:
    """A field that the world does not fill would be a field whose leak nobody sees."""
    empty = {
        (model.__name__, column.name)
        for model in apps.get_models()
        for column in model._meta.get_fields()
        if column.name.endswith("_sealed")
        and not model.objects.exclude(**{column.name: b""}).exclude(**{column.name: None}).exists()
    }
    assert empty == NOT_FILLED


@pytest.mark.parametrize("place", ["body", "header", "file name"])
def test_a_leak_would_be_seen(people: dict[str, Visitor], world: World, place: str) -> None:
    """The control: a token in an answer is found, and the right reader is told apart from the wrong one."""
    token = "CANARY-own-reason"
    headers = {"header": {"X-Note": token}, "file name": {"Content-Disposition": f'attachment; filename="{token}.pdf"'}}
    answer = Answer(200, token.encode() if place == "body" else b"", headers.get(place, {}), 0, 0, frozenset())
    assert leaks(answer, people["carer"], world) == set()
    for name in ("stranger", "manager", "own client", "nobody"):
        assert leaks(answer, people[name], world) == {token}


def test_the_matrix_decides_who_comes_in_and_a_no_says_nothing(
    visitor: Visitor, people: dict[str, Visitor], world: World, logged: pytest.LogCaptureFixture
) -> None:
    wrong = []
    _, foreign = home_of(visitor, world)
    another = people["stranger" if foreign is world.other else "carer"]
    for address in addresses():
        wanted = expected(visitor, address, is_foreign=True)
        for method in METHODS:
            where = f"{method} /{address.route}"
            form = address.form if method == "POST" else None
            answer = visit(visitor, method, address.of(foreign, own=another.own), form)
            if not fits(visitor, method, answer, wanted):
                wrong.append(f"{where}: {answer.status}, expected {wanted}")
            if told := leaks(answer, visitor, world):
                wrong.append(f"{where}: tells {sorted(told)[:3]}")
            wrong += [f"{where}: {fault}" for fault in unsafe(answer)]
            if wanted == "open" or answer.status == 405:
                continue
            if answer.changed:
                wrong.append(f"{where}: refused, and changed {sorted(answer.touched)}")
            if wanted != "door" and answer.denials != 1 and not leads_on(method, answer, wanted):
                wrong.append(f"{where}: {answer.denials} denials in the trail")
            if wanted != "hidden" or method == "HEAD":
                continue
            unknown = visit(visitor, method, address.at_random(), form)
            if answer.said != unknown.said:
                wrong.append(f"{where}: what is another's differs from what is not there")
            if answer.statements != unknown.statements:
                wrong.append(f"{where}: {answer.statements} statements, {unknown.statements} for an unknown id")
    assert not wrong, "\n".join(wrong)


def test_whoever_has_the_right_is_let_in_and_sees_only_their_own(
    visitor: Visitor, world: World, logged: pytest.LogCaptureFixture
) -> None:
    wrong = []
    own, _ = home_of(visitor, world)
    for address in addresses():
        if expected(visitor, address, is_foreign=False) != "open":
            continue
        for method in METHODS:
            answer = visit(
                visitor, method, address.of(own, own=visitor.own), address.form if method == "POST" else None
            )
            where = f"{method} /{address.route}"
            if method != "POST" and answer.changed:
                wrong.append(f"{where}: looking changed {sorted(answer.touched)}")
            wrong += [f"{where}: {fault}" for fault in unsafe(answer)]
            if told := leaks(answer, visitor, world):
                wrong.append(f"{where}: tells {sorted(told)[:3]}")
            if answer.status >= 500:
                wrong.append(f"{where}: {answer.status}")
            if is_theirs(visitor, address) and answer.status in (403, 404):
                wrong.append(f"{where}: {answer.status} for somebody who may")
    assert not wrong, "\n".join(wrong)


def is_theirs(visitor: Visitor, address: Address) -> bool:
    """Whether the page is of this person's room, of a thing that exists and hangs on nothing but the matrix."""
    reader = READER.get(address.route.partition("/")[0])
    is_anothers = visitor.name == "colleague" and address.cell[0] in ONES_OWN
    return reader in visitor.actor.roles and not is_anothers and address.name not in NOT_HERE


def test_one_right_id_does_not_open_anothers_thing(
    people: dict[str, Visitor], world: World, logged: pytest.LogCaptureFixture
) -> None:
    wrong = []
    for name in ("carer", "own client"):
        visitor = people[name]
        for address in addresses():
            if len(address.bound) < 2 or "always" in conditions(visitor, address):
                continue
            for method in METHODS:
                form = address.form if method == "POST" else None
                answer = visit(visitor, method, address.of(world.own, world.other), form)
                # Back to one's own page, or a form that is not complete, is no way in either.
                refused = answer.status in (303, 403, 404, 405, 422) and not answer.changed
                if not refused or leaks(answer, visitor, world):
                    wrong.append(f"{name} {method} /{address.route}: {answer.status} {sorted(answer.touched)}")
    assert not wrong, "\n".join(wrong)
