"""Every page a client can reach, in a language nobody speaks: what is not in it was never given to a translator."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.factories.world import World
from tests.guards.addresses import addresses
from tests.guards.visits import Visitor, visit
from tests.languages.data import is_data
from tests.languages.pseudo import LONGER, spoken_here
from tests.languages.visible import Visible

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
FEWEST = {"own client": 50, "nobody": 8}


@pytest.fixture(scope="module")
def language(people: dict[str, Visitor], tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The world speaks English, so that what people typed is known; its pages do not."""
    with spoken_here(tmp_path_factory.mktemp("locale"), LONGER):
        yield


def without_marked(text: str) -> str:
    """What is left of a text when everything that went through gettext is gone, brackets in brackets included."""
    before = ""
    while before != text:
        before, text = text, MARKED.sub(" ", text)
    return text


def hard_coded(page: str) -> list[tuple[str, str]]:
    """Words of a page that are neither translated nor anybody's data."""
    found = Visible(page).pieces
    return [(left, where) for words, where in found if (left := without_marked(words).strip()) and not is_data(left)]


@pytest.mark.parametrize("name", FEWEST)
def test_nothing_is_hard_coded(name: str, people: dict[str, Visitor], world: World, language: None) -> None:
    visitor, seen = people[name], 0
    wrong: dict[str, str] = {}
    for address in addresses():
        answer = visit(visitor, "GET", address.of(world.own, own=visitor.own))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        for left, where in hard_coded(answer.body.decode()):
            wrong.setdefault(left, f"/{address.route}: {left!r} in {where}")
    assert seen >= FEWEST[name]
    assert not wrong, "\n".join(wrong.values())


def test_a_hard_coded_word_would_be_seen() -> None:
    """The control: a plain word between translated ones, in text and in what is only heard."""
    page = "<main><p>⟦Šàvé⟧ Save</p><p>⟦%(n)s ⟦öf⟧ 3··⟧</p><button aria-label='Close'>×</button><p>12:00</p></main>"
    assert [left for left, _where in hard_coded(page)] == ["Save", "Close"]
