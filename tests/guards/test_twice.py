"""Every form sent twice has one effect, and whoever sent it twice is led to what came of it (G09).

Nothing is listed by hand but what cannot be tried: each page a person may open is opened, each form on it is filled in
and sent with its buttons, and a second later the same is sent again. Rows are counted before and after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.apps import apps
from django.urls import resolve
from tests.factories.world import NOW, World
from tests.guards.addresses import addresses
from tests.guards.pressed import Field, Pressed
from tests.guards.test_allow_and_deny import expected
from tests.guards.visits import TRACES, Visitor, body_of, without_a_trace

from rapport.practice.foundation import clock
from rapport.web.doors import once

pytestmark = pytest.mark.xdist_group("twice")  # the forms are sent once for all of these tests
PRESSES = 2  # of forms that differ in their values only (eleven buttons of a scale) so many are enough
FRIENDLY = (200, 204, 302, 303, 409, 422)
# What comes again when it is asked for again, and why that is right.
EVERY_TIME = {
    "portal:help": "whoever is in need and asks again is heard again; the alert stays one and counts",
    "portal:talk": "whoever is in need and asks again is heard again; the alert stays one and counts",
    "desk:feed_make": "an address that is shown once: a second one is shown, and each can be ended",
    "portal:plan_link": "a way that is shown once: a second one is shown, and all can be withdrawn",
    "entrance:recovery": "codes that are shown once: new ones are shown, the old ones are void",
    "office:invite_staff": "a link that is shown once: a new one is shown, the old one is void",
}
# What must stand in a form beside what the page and a first guess give.
FILLED: dict[str, dict[str, str]] = {
    "desk:contact_record": {"day": "2026-02-20"},
    "desk:ending": {"announced_on": "2026-02-20"},
    "desk:paper": {"answered_on": "2026-02-27"},
    "desk:referral_new": {
        "person-date_of_birth": "3/2/1990", "person-email": "new@mail.example", "person-phone": "+44 20 7946 0999",
    },
    "desk:task_new": {"confidence": "8"},
    "office:crisis_contacts": {
        **{f"contact-{number}-DELETE": "" for number in range(4)},
        "contact-3-name": "", "contact-3-number": "", "contact-3-hours": "", "contact-3-note": "",
        "contact-3-verified": "",
    },
    "office:practice": {"holidays": "25/12/2026"},
    "office:report": {"limits": "One.\nTwo.\nThree."},
    "office:wording": {
        "items": "\n".join(f"Question {number}" for number in range(1, 7)),
        "answers": "\n".join(f"Answer {number}" for number in range(1, 6)),
    },
}  # fmt: skip
# Forms this crawl cannot fill in, and why.
NOT_TRIED = {
    "desk:bring_response": "needs a file",
    "desk:busy_read": "needs a file",
    "desk:note_addendum": "the note of this world is still a draft",
    "entrance:sign_in": "needs a right password; whoever signs in twice has signed in twice",
    "entrance:step_up": "needs a right password; proven twice is proven",
    "office:bring_form": "needs a file",
    "office:import": "needs a file",
    "office:import_columns": "needs the columns of a real file",
    "portal:prepare_step": "the hour of this world has begun",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One form sent twice: how it was answered, and what each time added."""

    route: str
    statuses: tuple[int, int]
    added: tuple[Counter[str], Counter[str]]

    @property
    def is_done(self) -> bool:
        return self.statuses[0] < 400


def _counts() -> Counter[str]:
    tables = [model for model in apps.get_models() if not model._meta.db_table.startswith(TRACES)]
    return Counter({model._meta.db_table: model._default_manager.count() for model in tables})


def _differences(before: Counter[str], after: Counter[str]) -> Counter[str]:
    return Counter({table: after[table] - before[table] for table in after if after[table] != before[table]})


def _forms(visitor: Visitor, world: World, *, on: str = "") -> Iterator[tuple[str, str, list[Field]]]:
    """Every form on every page this person may open (or on one page): route, address, content."""
    seen: Counter[tuple[str, frozenset[str]]] = Counter()
    for address in addresses():
        if expected(visitor, address, is_foreign=False) != "open" or (on and address.name != on):
            continue
        path = address.of(world.own, own=visitor.own)
        with without_a_trace():
            page = visitor.browser.get(path)
            body = body_of(page)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in Pressed(body.decode()).found:
            for action, fields in form.presses():
                where = urljoin(path, action)
                route = resolve(urlsplit(where).path).view_name
                kind = route, frozenset(name for name, _ in fields)
                seen[kind] += 1
                if seen[kind] <= PRESSES and route != "entrance:sign_out":
                    yield route, where, fields


def _send_twice(
    visitor: Visitor, route: str, where: str, fields: list[Field], patched: pytest.MonkeyPatch, *, numbered: bool = True
) -> Sent:
    given = FILLED.get(route, {})
    fields = [(name, value) for name, value in fields if name not in given and (numbered or name != once.NUMBER)]
    content = urlencode([*fields, *given.items()])
    cookies = {name: morsel.value for name, morsel in visitor.browser.cookies.items()}
    statuses, counted = [], [_counts()]
    with without_a_trace():
        for second in range(2):
            patched.setattr(clock, "now", lambda second=second: NOW + timedelta(seconds=second))
            response = visitor.browser.post(where, content, content_type="application/x-www-form-urlencoded")
            statuses.append(response.status_code)
            counted.append(_counts())
    patched.setattr(clock, "now", lambda: NOW)
    visitor.browser.cookies.clear()
    visitor.browser.cookies.load(cookies)
    first, second_time = (_differences(*pair) for pair in pairwise(counted))
    return Sent(route, (statuses[0], statuses[1]), (first, second_time))


@pytest.fixture(scope="module", params=["carer", "own client", "manager"])
def sent(request: pytest.FixtureRequest, people: dict[str, Visitor], world: World) -> list[Sent]:
    visitor = people[request.param]
    with pytest.MonkeyPatch.context() as patched:
        return [_send_twice(visitor, *form, patched) for form in _forms(visitor, world)]


def test_a_form_sent_twice_has_one_effect(sent: list[Sent]) -> None:
    wrong = [
        f"{one.route}: {one.statuses}, the second time {dict(one.added[1])}"
        for one in sent
        if one.is_done and one.route not in EVERY_TIME and (one.added[1] or one.statuses[1] not in FRIENDLY)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_form_was_filled_in_or_somebody_says_why_not(sent: list[Sent]) -> None:
    done = {one.route for one in sent if one.is_done}
    assert len(done) > 20
    assert {one.route for one in sent} - done <= set(NOT_TRIED)


def test_without_the_page_s_number_forms_do_happen_twice(people: dict[str, Visitor], world: World) -> None:
    """The control: this harness does see two effects."""
    client = people["own client"]
    with pytest.MonkeyPatch.context() as patched:
        forms = list(_forms(client, world, on="portal:goals"))
        sent = [_send_twice(client, *form, patched, numbered=False) for form in forms]
    assert {one.route for one in sent if one.added[0] and one.added[1]} == {"portal:goal_add", "portal:goal_rate"}
