"""The words of the demo: respectful, invented, and nothing a clinician would find dangerous."""

from __future__ import annotations

import re

import pytest

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.demo.texts import DATA, clients

FILES = sorted(DATA.rglob("*.toml"))
# What has no place in a record: judgements of a person, promises nobody keeps, grades of risk that foretell nothing.
FORBIDDEN = re.compile(
    r"manipulat|attention.seeking|non.?complian|resistant|hysteric|borderline|commit(s|ted)? suicide|failed suicide"
    r"|(high|low|medium) risk|no.suicide|recovered memor|age regression|addict|alcoholic|junkie|crazy|insane"
    r"|suffers from|victim of|borderline|we are always here|24/7",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_forbidden_wording(file) -> None:  # type: ignore[no-untyped-def]
    assert not FORBIDDEN.search(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", clients(), ids=lambda one: one["name"])
def test_nobody_can_be_reached(one) -> None:  # type: ignore[no-untyped-def]
    """Addresses end in .example, telephone numbers come from the range kept for fiction."""
    assert one.get("email", "x@mail.example").endswith(".example")
    assert one["phone"].startswith("+44 7700 900")


def test_all_five_domains_and_many_ages() -> None:
    domains = {problem["domain"] for one in clients() for problem in one["referral"]["problems"]}
    assert domains == {str(domain) for domain in ProblemDomain}
    ages = [one["age"] for one in clients()]
    assert min(ages) < 25
    assert max(ages) > 65


def test_endings_differ() -> None:
    assert len({one["ending"]["kind"] for one in clients() if "ending" in one}) >= 4


def test_notes_come_in_every_format() -> None:
    formats = {note["format"] for one in clients() for note in one.get("notes", ())}
    assert formats == {"free", "soap", "dap", "birp"}
