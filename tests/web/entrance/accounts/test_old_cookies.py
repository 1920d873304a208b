"""B01, B02, B17: however a sign-in ended, its cookie opens nothing any more, in the browser or in a thief's hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client as Browser
from tests.factories.accounts import with_password
from tests.factories.people import a_manager, a_therapist, signed_in

from rapport.practice.foundation import clock
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.models import SignInSession
from rapport.practice.security.policy.actor import Actor, Role

COOKIE = settings.SESSION_COOKIE_NAME
PAGE = "/account/"
End = Callable[[Browser, Actor], object]


def _by_a_manager(act: str, **what: object) -> End:
    def end(browser: Browser, actor: Actor) -> object:
        manager = replace(a_manager(), stepped_up_at=clock.now())
        return getattr(actions, act)(actor=manager, at=clock.now(), account_id=actor.account, **what)

    return end


def _from_elsewhere(path: str, **sent: str) -> End:
    """The person does it in another browser of theirs."""
    return lambda browser, actor: signed_in(actor).post(path, sent)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda browser, actor: browser.post("/sign-out/"), id="signing out"),
        pytest.param(_from_elsewhere("/account/sign-out-everywhere/"), id="signing out everywhere"),
        pytest.param(
            _from_elsewhere("/account/password/", password="a boat made of old letters"),
            id="a new password",
        ),
        pytest.param(_by_a_manager("grant_role", role=Role.MANAGER), id="another role"),
        pytest.param(_by_a_manager("disable_account"), id="the account was disabled"),
        pytest.param(lambda browser, actor: SignInSession.objects.update(started_at="2020-01-01T00:00Z"), id="too old"),
    ],
)
def test_a_cookie_is_worth_nothing_after(end: End) -> None:
    therapist = a_therapist()
    with_password(therapist)
    browser, thief = signed_in(therapist), Browser()
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert thief.get(PAGE).status_code == 200  # the control: until then the stolen cookie is a way in
    end(browser, therapist)
    answer = thief.get(PAGE)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/")
