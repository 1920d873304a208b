"""What somebody wrote is never markup on any page (C01, C02); and nothing of an erased client opens (E05)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.factories.world import NOW, Grade, Someone, World, a_world
from tests.guards.addresses import addresses
from tests.guards.seeing import looked_at
from tests.guards.test_allow_and_deny import expected
from tests.guards.visits import Answer, Visitor, visit, without_a_trace

from rapport.practice.clients.actions import erase_client
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.security.policy.actor import SYSTEM

# In every field: out of an attribute or a tag, an element; then one of what a browser runs or fetches without a click.
VECTOR = "<x-owned onx=1>\"'"
CALCULATED = "1787569"  # what a template engine would make of 1337*1337
VECTORS = tuple(Path(__file__).with_name("vectors.txt").read_text(encoding="utf-8").splitlines())
READERS = ("carer", "own client", "manager")
# A therapist's own things, sealed under their own key alone: they are of no client. (An uploaded table: for an hour.)
ONES_OWN = re.compile(
    r"CANARY-own-(?:away|busy-title|busy-calendar|snippet|snippet-title|speaking-opener|staged)$", re.I
)


@pytest.fixture(scope="module")
def world(databases: None) -> World:
    """The same world, in which whatever anybody wrote ends in markup."""
    plain = Someone.say

    def hostile(someone: Someone, name: str, grade: Grade = Grade.CLINICAL) -> str:
        words = plain(someone, name, grade) + VECTOR
        # Each field another one, and another one for the other client; a title has no room for more.
        turn = len(someone.canaries) + (someone.tag == "other") * len(VECTORS) // 2
        return words if name.endswith("title") else words + VECTORS[turn % len(VECTORS)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Someone, "say", hostile)
        return a_world()


def seen_by(visitor: Visitor, world: World) -> dict[str, Answer]:
    """Every page this person may open with the ids of `own`, by its path."""
    open_to_them = (address for address in addresses() if expected(visitor, address, is_foreign=False) == "open")
    paths = [address.of(world.own, own=visitor.own) for address in open_to_them]
    return {path: visit(visitor, "GET", path) for path in paths}


@pytest.fixture(scope="module")
def answers(people: dict[str, Visitor], world: World) -> dict[str, dict[str, Answer]]:
    return {name: seen_by(people[name], world) for name in READERS}


def pages_among(answers: dict[str, Answer]) -> dict[str, Answer]:
    return {
        path: answer
        for path, answer in answers.items()
        if answer.status == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
    }


@pytest.mark.parametrize("name", READERS)
def test_what_somebody_wrote_is_never_markup(name: str, answers: dict[str, dict[str, Answer]]) -> None:
    pages = {path: answer.body for path, answer in pages_among(answers[name]).items()}
    assert not [path for path, body in pages.items() if b"<x-owned" in body or b'onx=1>"' in body]
    assert any(b"&lt;x-owned onx=1&gt;" in body for body in pages.values())
    assert not [path for path, answer in answers[name].items() if "<x-owned" in repr(answer.headers)]


@pytest.mark.journey
@pytest.mark.parametrize("name", READERS)
def test_a_browser_runs_and_fetches_nothing_that_somebody_wrote(
    name: str, answers: dict[str, dict[str, Answer]], chromium: str
) -> None:
    """C01, C02, C03, C06, J01: on every page of this person."""
    pages = pages_among(answers[name])
    seen = looked_at(chromium, pages)
    assert len(pages) > 20
    assert VECTOR in seen.words
    assert CALCULATED not in seen.words
    assert not seen.wrong, "\n".join(seen.wrong)


@pytest.mark.journey
@pytest.mark.parametrize("policy", ["default-src 'none'", "script-src 'unsafe-inline' *"])
def test_markup_in_a_page_would_be_seen(chromium: str, policy: str) -> None:
    """The control: whether the policy steps in or lets it run, every kind of trace is noticed."""
    headers = {"Content-Type": "text/html", "Content-Security-Policy": policy}
    kinds = ("<script>", "<img src=x", "<svg/onload", "<iframe", "<a href=java", "<link", "<style>@", "<meta")
    pages = {}
    for number, kind in enumerate(kinds):
        vector = next(vector for vector in VECTORS if vector.startswith(kind))
        body = f"<!doctype html><title>x</title><body>{vector}".encode()
        pages[f"/{number}/"] = Answer(200, body, headers, 0, 0, frozenset())
    wrong = looked_at(chromium, pages).wrong
    assert [path for path in pages if not any(one.startswith(f"{path}:") for one in wrong)] == []


def test_nothing_of_an_erased_client_opens(people: dict[str, Visitor], world: World) -> None:
    wrong = []
    with without_a_trace():
        facts = {"ground": "asked"}
        erase_client(
            actor=SYSTEM, at=NOW, subject=world.own.client, requested_by=world.manager.account, facts=facts
        )  # fmt: skip
        forget_keys()
        for name in ("carer", "colleague", "own client", "manager"):
            for path, answer in seen_by(people[name], world).items():
                told = {token for token in answer.tokens() if "-own-" in token.lower() and not ONES_OWN.match(token)}
                if told or answer.status >= 500:
                    wrong.append(f"{name} {path}: {answer.status} {sorted(told)[:3]}")
    assert not wrong, "\n".join(wrong)
