"""“Leave quickly” stands wherever a client may be, works without a script, and promises no more than it does."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.exercises import a_task
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_therapist, client_account, signed_in

PUBLIC = ("help_now", "sign_in", "forgotten")
PORTAL = (
    "home", "tasks", "forms", "course", "plan", "edit_plan", "help", "goals", "sessions", "agreement", "letter", "me",
)  # fmt: skip
LEAVE = re.compile(r'<a class="button leave" href="https://www\.wikipedia\.org/" rel="noreferrer" data-leave>')


@pytest.fixture
def mine() -> Browser:
    a_practice()
    course = a_course(a_therapist())
    a_task(course)
    return signed_in(client_account(course))


def test_every_portal_page_has_it(mine: Browser) -> None:
    for name in PORTAL:
        page = mine.get(reverse(f"portal:{name}")).content.decode()
        assert LEAVE.search(page), name
        assert "components/js/quickexit" in page, name
        assert "It does not wipe the list of pages that your browser keeps" in page, name


def test_public_pages_and_refusals_have_it_too(mine: Browser) -> None:
    for name in PUBLIC:
        page = Browser().get(reverse(f"entrance:{name}")).content.decode()
        assert LEAVE.search(page), name
        assert "components/js/quickexit" in page, name
    assert LEAVE.search(mine.get("/portal/nowhere/").content.decode())


def test_staff_are_not_bothered_with_it() -> None:
    a_practice()
    page = signed_in(a_therapist()).get(reverse("entrance:account")).content.decode()
    assert not LEAVE.search(page)
