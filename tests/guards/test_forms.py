"""Every form: with another client's ids it touches nothing of theirs, with nonsense it does not fail (A09, C19).

And mail says nothing (H12).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin
from uuid import UUID

import pytest
from django.core import mail
from tests.factories.world import CANARY, NOW, Someone, World
from tests.guards.addresses import addresses
from tests.guards.test_allow_and_deny import expected
from tests.guards.visits import TOKEN, Visitor, fingerprints, visit, without_a_trace

from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM

# What others' software took from a request instead of from the session (CVE-2026-25147, -25744, -25745).
SMUGGLED = {
    "id": "note_id", "client": "client_id", "client_id": "client_id", "patient_id": "client_id", "pid": "client_id",
    "episode": "episode_id", "episode_id": "episode_id", "session_id": "session_id", "note_id": "note_id",
    "goal_id": "goal_id", "author_id": "account_id", "signed_by": "account_id", "account_id": "account_id",
}  # fmt: skip

SENDERS = ("carer", "own client")
NONSENSE = ("\x00' OR 1=1 --", "9" * 40, "-1e999", "9999-12-31", "\u202e\U0001f600" + "(" * 5000)


@dataclass(slots=True)
class Form:
    """A form as a browser would send it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that post, filled in somehow."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self.form = Form(given.get("action", ""))
            self.found.append(self.form)
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            self.form.fields.setdefault(self.select, given["value"])
        elif tag == "textarea" and name:
            self.form.fields[name] = "Something typed"
        elif tag in ("input", "button") and name:
            self.form.fields.setdefault(name, given.get("value") or "5")
            if given.get("type") == "hidden":
                self.form.hidden.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = ""


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _theirs(someone: Someone) -> frozenset[UUID]:
    ids = [value for name, value in someone.ids.items() if name not in ("account_id", "room_id") and _is_id(value)]
    return frozenset({UUID(value) for value in ids})


def _smuggling(form: Form, other: Someone) -> list[dict[str, str]]:
    """The form with another's ids beside its fields, and with each id in it replaced by one of theirs."""
    beside = {name: other.ids[key] for name, key in SMUGGLED.items() if name not in form.fields}
    filled = [{**form.fields, **beside}]
    for name, value in form.fields.items():
        if _is_id(value):
            key = SMUGGLED.get(name, f"{name}_id" if f"{name}_id" in other.ids else name)
            filled.append({**form.fields, name: other.ids.get(key, other.ids["session_id"])})
    return filled


@pytest.fixture(scope="module")
def forms(people: dict[str, Visitor], world: World) -> dict[str, list[tuple[str, Form]]]:
    """Every form a person is shown, once, with the address it is sent to."""
    return {name: list(_forms_shown_to(people[name], world)) for name in SENDERS}


def _forms_shown_to(visitor: Visitor, world: World) -> Iterator[tuple[str, Form]]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for address in addresses():
        if expected(visitor, address, is_foreign=False) != "open":
            continue
        path = address.of(world.own, own=visitor.own)
        page = visit(visitor, "GET", path)
        if page.status != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in Forms(page.body.decode()).found:
            where = urljoin(path, form.action)
            if (where, tuple(sorted(form.fields))) not in seen and not where.startswith("/sign-out"):
                seen.add((where, tuple(sorted(form.fields))))
                yield where, form


@pytest.mark.parametrize("name", SENDERS)
def test_a_form_with_anothers_ids_touches_nothing_of_theirs(
    name: str, people: dict[str, Visitor], world: World, forms: dict[str, list[tuple[str, Form]]]
) -> None:
    visitor, wrong, sent = people[name], [], 0
    theirs = _theirs(world.other)
    for where, form in forms[name]:
        for data in _smuggling(form, world.other):
            sent += 1
            with without_a_trace():
                before = fingerprints(theirs)
                status = visitor.browser.post(where, data).status_code
                after = fingerprints(theirs)
            if status >= 500 or before != after:
                touched = [table for table in after if after[table] != before[table]]
                wrong.append(f"{where}: {status} {touched}")
    assert sent > 20
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", SENDERS)
def test_nonsense_in_a_form_is_an_answer_and_no_fault(
    name: str, people: dict[str, Visitor], world: World, forms: dict[str, list[tuple[str, Form]]]
) -> None:
    """C05, C13, C19, I03: in every field at once, twice each; and only in those a person fills in."""
    visitor, wrong = people[name], []
    assert len(forms[name]) > 10
    for where, form in forms[name]:
        for value in NONSENSE:
            for fields in (form.fields, form.fields.keys() - form.hidden):
                with without_a_trace():
                    answer = visitor.browser.post(where, form.fields | {field: [value, value] for field in fields})
                if answer.status_code >= 500:
                    wrong.append(f"{where} {value[:20]!r} in {sorted(fields)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_mail_holds_no_word_of_anybody(world: World) -> None:
    """What waits in the post is sent; it says that something waits, and not to whom it belongs."""
    mail.outbox.clear()
    with without_a_trace():
        deliver_due(actor=SYSTEM, at=NOW)
    assert len(mail.outbox) >= 2
    for message in mail.outbox:
        text = f"{message.subject}\n{message.body}"
        assert not TOKEN.findall(text), message.subject
        assert CANARY not in text
        assert "Weberin" not in text
