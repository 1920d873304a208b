"""What somebody wrote is never markup on any page (C01, C02); and nothing of an erased client opens (E05)."""

from __future__ import annotations

import re

import pytest
from tests.factories.world import NOW, Grade, Someone, World, a_world
from tests.guards.addresses import addresses
from tests.guards.test_allow_and_deny import expected
from tests.guards.visits import Answer, Visitor, visit, without_a_trace

from rapport.practice.clients.actions import erase_client
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.security.policy.actor import SYSTEM

VECTOR = "<i/onx=1>\"'"
# A therapist's own things, sealed under their own key alone: they are of no client. (An uploaded table: for an hour.)
ONES_OWN = re.compile(
    r"CANARY-own-(?:away|busy-title|busy-calendar|snippet|snippet-title|speaking-opener|staged)$", re.I
)


@pytest.fixture(scope="module")
def world(databases: None) -> World:
    """The same world, in which whatever anybody wrote ends in markup."""
    plain = Someone.say

    def hostile(someone: Someone, name: str, grade: Grade = Grade.CLINICAL) -> str:
        return plain(someone, name, grade) + VECTOR

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Someone, "say", hostile)
        return a_world()


def seen_by(visitor: Visitor, world: World) -> dict[str, Answer]:
    """Every page this person may open with the ids of `own`."""
    return {
        address.route: visit(visitor, "GET", address.of(world.own, own=visitor.own))
        for address in addresses()
        if expected(visitor, address, is_foreign=False) == "open"
    }


@pytest.mark.parametrize("name", ["carer", "own client", "manager"])
def test_what_somebody_wrote_is_never_markup(name: str, people: dict[str, Visitor], world: World) -> None:
    answers = seen_by(people[name], world)
    pages = {
        where: answer.body
        for where, answer in answers.items()
        if answer.headers.get("Content-Type", "").startswith("text/html")
    }
    assert not [where for where, body in pages.items() if b"<i/onx" in body or b'onx=1>"' in body]
    assert any(b"&lt;i/onx=1&gt;" in body for body in pages.values())
    assert not [where for where, answer in answers.items() if "<i/onx" in repr(answer.headers)]


def test_nothing_of_an_erased_client_opens(people: dict[str, Visitor], world: World) -> None:
    wrong = []
    with without_a_trace():
        facts = {"ground": "asked"}
        erase_client(
            actor=SYSTEM, at=NOW, subject=world.own.client, requested_by=world.manager.account, facts=facts
        )  # fmt: skip
        forget_keys()
        for name in ("carer", "colleague", "own client", "manager"):
            for where, answer in seen_by(people[name], world).items():
                told = {token for token in answer.tokens() if "-own-" in token.lower() and not ONES_OWN.match(token)}
                if told or answer.status >= 500:
                    wrong.append(f"{name} /{where}: {answer.status} {sorted(told)[:3]}")
    assert not wrong, "\n".join(wrong)
