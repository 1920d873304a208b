"""A client reads and is written to in the language they chose; the rooms of staff stay in one they are whole in."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.accounts import PASSWORD
from tests.factories.clients import reachable
from tests.factories.measures import a_form
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.post.actions import queue
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.accounts.actions import choose_language, invite_client
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.rules.languages import UnknownLanguage
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden
from rapport.practice.security.policy.actor import SYSTEM, Actor

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
PAGE = '<html lang="{}" dir="ltr">'


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def speaks(browser: Browser, name: str, **headers: str) -> str:
    """The language of a page, as it names itself."""
    page = browser.get(reverse(name), headers=headers).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


def test_a_client_chooses_their_language(client: Actor) -> None:
    portal, address = signed_in(client), reverse("portal:my_language")
    assert speaks(portal, "portal:my_language") == "en-gb"
    refused = portal.post(address, {"language": "tlh"})
    assert refused.status_code == 422
    after = portal.post(address, {"language": "de"}, follow=True).content.decode()
    assert PAGE.format("de") in after
    assert "Ihre Sprache" in after
    assert "Ab jetzt sprechen wir diese Sprache mit Ihnen." in after
    assert '<option value="de" selected>Deutsch' in portal.get(address).content.decode()
    assert AuditEvent.objects.filter(action="choose_language", object_id=client.account).count() == 1


def test_what_is_chosen_counts_more_than_what_the_browser_asks_for(client: Actor) -> None:
    portal = signed_in(client)
    assert speaks(portal, "portal:home", **GERMAN) == "de"
    choose_language(actor=client, at=AT, language="en-gb")
    assert speaks(portal, "portal:home", **GERMAN) == "en-gb"
    choose_language(actor=client, at=AT, language="")
    assert speaks(portal, "portal:home", **GERMAN) == "de"
    assert speaks(portal, "portal:home", **{"Accept-Language": "fr,*"}) == "en-gb"


def test_people_who_work_here_read_whole_pages_or_none(course: Course, client: Actor) -> None:
    desk = signed_in(course.therapist)
    assert speaks(desk, "desk:today", **GERMAN) == "en-gb"
    assert desk.get(reverse("portal:my_language")).status_code == 403
    with pytest.raises(Forbidden):
        choose_language(actor=course.therapist, at=AT, language="de")


def test_nobody_can_choose_a_language_that_is_not_there(client: Actor) -> None:
    with pytest.raises(UnknownLanguage):
        choose_language(actor=client, at=AT, language="tlh")


def test_a_page_for_everybody_follows_the_browser_or_its_address(course: Course) -> None:
    assert speaks(Browser(), "entrance:help_now", **GERMAN) == "de"
    asked = Browser().get(reverse("entrance:help_now"), {"language": "de"})
    assert PAGE.format("de") in asked.content.decode()
    assert asked.headers["Content-Language"] == "de"
    assert "Accept-Language" in asked.headers["Vary"]


def test_whoever_reads_their_invitation_in_german_goes_on_in_german(course: Course) -> None:
    link = invite_client(
        actor=course.therapist, at=clock.now(), client_id=course.client, name="Jonas Weber",
        email="jonas@mail.example", send=False,
    )  # fmt: skip
    browser, address = Browser(headers=GERMAN), reverse("entrance:invitation", args=[link.token])
    assert PAGE.format("de") in browser.get(address).content.decode()
    browser.post(address, {"email": "jonas@mail.example", "password": PASSWORD})
    assert Account.objects.get(client_id=course.client).language == "de"


def test_mail_is_written_in_the_language_its_reader_chose(course: Course, client: Actor) -> None:
    choose_language(actor=client, at=AT, language="de")
    link = {"link": "https://lindenhof.example/welcome/kZk1"}
    queue(
        actor=course.therapist, at=AT, kind="invitation", client_id=course.client, account_id=None, params=link,
        dedupe="invitation 1",
    )  # fmt: skip
    deliver_due(actor=SYSTEM, at=AT)
    (sent,) = mail.outbox
    assert "Guten Tag" in sent.body
    assert "Hello" not in sent.body


def test_a_form_without_german_words_stays_as_it_is_and_says_so(course: Course, client: Actor) -> None:
    """Scores hold for the checked words alone: nobody translates an instrument on the way."""
    choose_language(actor=client, at=AT, language="de")
    question = reverse("portal:question", args=[a_form(course, client, at=clock.now()), 1])
    page = signed_in(client).get(question).content.decode()
    assert 'lang="en">Over the last 2 weeks' in page
    assert "in Ihrer Sprache" in page
