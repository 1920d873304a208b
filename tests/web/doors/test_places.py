"""The rail: every place leads somewhere, every page belongs to one place."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_note, an_hour

from rapport.web.doors.places import ROOMS

# help is on every page of the portal; the plan leads to its editor, About me to consents and contact
WITHIN_OTHERS = {"portal:help", "portal:edit_plan", "portal:consents", "portal:contact", "portal:my_zone"}
WITHIN_OTHERS |= {"portal:ladder", "portal:comfort", "portal:freely", "portal:my_language", "portal:looked"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def rail(browser: Browser, url: str) -> tuple[dict[str, str], list[str]]:
    """The places of a page, address by words, and the words of those that are marked."""
    page = browser.get(url, follow=True).content.decode()
    found = re.search(r'<nav class="places".*?</nav>', page, re.DOTALL)
    assert found, url
    links = re.findall(r'<a ([^>]*href="([^"]*)"[^>]*)>(.*?)</a>', found[0], re.DOTALL)
    words = [unescape(re.sub(r"<[^>]*>", "", inside)).strip() for _at, _href, inside in links]
    places = {said: href for said, (_at, href, _inside) in zip(words, links, strict=True)}
    return places, [said for said, (at, _href, _inside) in zip(words, links, strict=True) if "aria-current" in at]


def test_every_place_is_a_page() -> None:
    for places in ROOMS.values():
        assert all(reverse(place.name) for place in places)


def test_a_therapist_finds_every_place_of_the_desk(course: Course) -> None:
    places, current = rail(signed_in(course.therapist), reverse("desk:today"))
    assert {"Today", "Diary", "Clients", "Referrals", "Alerts", "Unsigned notes"} <= set(places)
    assert places["Diary"] == reverse("desk:diary")
    assert current == ["Today"]


def test_every_page_of_a_course_belongs_to_the_clients(course: Course) -> None:
    desk, hour = signed_in(course.therapist), an_hour(course)
    note = a_note(course, hour)
    for name in (
        "course",
        "assessment",
        "sessions",
        "process_notes",
        "measures",
        "goals",
        "plan",
        "contract",
        "letter",
    ):
        assert rail(desk, reverse(f"desk:{name}", args=[course.episode]))[1] == ["Clients"], name
    assert rail(desk, reverse("desk:session", args=[hour]))[1] == ["Clients"]
    assert rail(desk, reverse("desk:note", args=[note]))[1] == ["Clients"]


def test_the_nearest_place_is_marked(course: Course) -> None:
    desk = signed_in(course.therapist)
    for name, place in {
        "diary": "Diary",
        "book": "Diary",
        "caseload": "Clients",
        "unsigned": "Unsigned notes",
        "clients": "Directory",
        "alerts": "Alerts",
        "referral_new": "Referrals",
    }.items():
        assert rail(desk, reverse(f"desk:{name}"))[1] == [place], name


def test_the_portal_shows_every_page_that_is_there(course: Course) -> None:
    client = signed_in(client_account(course))
    places, current = rail(client, reverse("portal:home"))
    assert current == ["Home"]
    here = set(places.values())
    pages = {name: url for name, url in _open_pages("portal") if client.get(url).status_code == 200}
    assert {"portal:me", "portal:contact", "portal:course", "portal:letter"} <= set(pages)
    assert [name for name, url in pages.items() if url not in here and name not in WITHIN_OTHERS] == []


def test_the_office_shows_a_manager_its_places() -> None:
    a_practice()
    places, current = rail(signed_in(a_manager()), reverse("office:outbox"))
    assert current == ["Post"]
    assert "My desk" not in places


def _open_pages(room: str) -> list[tuple[str, str]]:
    """Every page of a room that needs no object to be named."""
    found = []
    for pattern in _patterns(get_resolver(f"rapport.web.{room}.urls")):
        try:
            found.append((f"{room}:{pattern.name}", reverse(f"{room}:{pattern.name}")))
        except NoReverseMatch:
            continue
    return found


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    return [
        each
        for entry in resolver.url_patterns
        for each in ([entry] if isinstance(entry, URLPattern) else _patterns(entry))
    ]
