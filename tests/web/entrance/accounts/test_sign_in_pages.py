"""The door, as a browser meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings
from tests.factories.accounts import PASSWORD, digits, with_passkey, with_password, with_time_code
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.security.accounts.models import SignInSession, TryCounter
from rapport.practice.security.policy.actor import Role

SIGN_IN, ACCOUNT = "/sign-in/", "/account/"
COOKIE = settings.SESSION_COOKIE_NAME


def submit(browser: Browser, email: str, password: str = PASSWORD, next_page: str = "") -> object:
    where = f"{SIGN_IN}?next={next_page}" if next_page else SIGN_IN
    return browser.post(where, {"email": email, "password": password})


def idle(minutes: int) -> None:
    """Nobody was there for so long."""
    SignInSession.objects.update(active_at=clock.now() - timedelta(minutes=minutes))


def test_a_client_comes_in_and_goes_to_the_portal() -> None:
    email = with_password(client_account(a_course(a_therapist())))
    browser = Browser()
    assert b"current-password" in browser.get(SIGN_IN).content
    response = submit(browser, email)
    assert (response.status_code, response["Location"]) == (303, "/portal/")
    assert response.cookies[COOKIE]["samesite"] == "Strict"
    assert response.cookies[COOKIE]["httponly"]


def test_a_therapist_passes_two_doors_under_two_tokens() -> None:
    """B01: what the browser held before is worth nothing after."""
    therapist = a_therapist()
    email = with_password(therapist)
    app = with_time_code(therapist, clock.now() - timedelta(minutes=5))
    browser = Browser()
    browser.cookies[COOKIE] = "set by somebody else"
    response = submit(browser, email, next_page="/account/")
    assert response["Location"] == "/sign-in/second-factor/?next=%2Faccount%2F"
    half = browser.cookies[COOKIE].value
    assert half != "set by somebody else"
    assert browser.get(ACCOUNT).status_code == 302  # B13: half a sign-in opens nothing
    response = browser.post(response["Location"], {"code": digits(app, clock.now())})
    assert (response.status_code, response["Location"]) == (303, "/account/")
    assert browser.cookies[COOKIE].value != half
    assert browser.cookies[COOKIE]["samesite"] == "Lax"
    assert browser.get(ACCOUNT).status_code == 200
    old = Browser()
    old.cookies[COOKIE] = half
    assert old.get("/sign-in/second-factor/")["Location"] == "/"


def test_wrong_and_unknown_look_the_same() -> None:
    """B06: same status, same words, same length."""
    email = with_password(a_therapist())
    unknown = "x" * len(email.split("@")[0]) + "@practice.example"
    bodies = []
    for address in (email, unknown):
        browser = Browser()
        response = submit(browser, address, "quite the wrong password")
        assert response.status_code == 422
        bodies.append(response.content.replace(address.encode(), b"").split(b"csrfmiddlewaretoken")[0])
        assert b"quite the wrong password" not in response.content
    assert bodies[0] == bodies[1]


def test_too_many_tries_hear_how_long_to_wait() -> None:
    """B05."""
    email = with_password(a_therapist())
    browser = Browser()
    for _ in range(5):
        submit(browser, email, "quite the wrong password")
    response = submit(browser, email)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 30
    assert b"Please wait one minute" in response.content


@pytest.mark.parametrize(
    ("direct", "forwarded", "counted"),
    [
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ("198.51.100.9", "203.0.113.5", "198.51.100.9"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(direct: str, forwarded: str, counted: str) -> None:
    """B05: X-Forwarded-For counts from a trusted proxy only, and only its last entry."""
    from rapport.practice.security.accounts.actions.throttle import _bucket
    from rapport.practice.security.accounts.rules import limits

    Browser().post(
        SIGN_IN,
        {"email": "nobody@mail.example", "password": "quite the wrong password"},
        REMOTE_ADDR=direct,
        HTTP_X_FORWARDED_FOR=forwarded,
    )
    assert TryCounter.objects.get(limit="sign_in_address").bucket == _bucket(limits.ADDRESS, counted)


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(evil: str) -> None:
    """B14: `next` takes local paths only."""
    email = with_password(client_account(a_course(a_therapist())))
    assert submit(Browser(), email, next_page=evil)["Location"] == "/portal/"


@pytest.mark.parametrize("query", ["ignoreAuth=1", "debug=1", "skip_timeout_reset=1", "next=/account/"])
def test_no_parameter_opens_a_door(query: str) -> None:
    """B14 and CVE-2026-25476."""
    assert Browser().get(f"{ACCOUNT}?{query}").status_code == 302
    browser = signed_in(a_therapist())
    idle(16)
    assert browser.get(f"{ACCOUNT}?{query}")["Location"].startswith("/unlock/")


def test_staff_without_a_second_factor_are_led_to_set_one_up() -> None:
    """B10: they can do nothing else."""
    a_practice()
    email = with_password(a_therapist())
    browser = Browser()
    response = submit(browser, email, next_page="/account/")
    assert response["Location"] == "/second-factor/?next=%2Faccount%2F"
    assert browser.get("/")["Location"] == "/sign-in/"
    for address in (ACCOUNT, "/account/password/", "/second-factor/recovery-codes/", "/step-up/"):
        assert browser.get(address)["Location"].startswith("/sign-in/")
    page = browser.get(response["Location"])
    assert b"Make a passkey" in page.content
    offered = browser.post(response["Location"], {"begin": "yes"})
    assert b"data:image/svg+xml" in offered.content
    secret = offered.context["secret"]
    assert secret.encode() in offered.content
    import pyotp

    wrong = browser.post(response["Location"], {"code": "000000"})
    assert wrong.status_code == 422
    assert wrong.context["secret"] == secret
    code = digits(pyotp.TOTP(secret), clock.now())
    done = browser.post(response["Location"], {"code": code})
    assert done["Location"] == "/second-factor/recovery-codes/?next=%2Faccount%2F"
    codes = browser.post(done["Location"])
    assert len(codes.context["codes"]) == 10
    assert codes.context["next"] == ACCOUNT
    assert browser.get(ACCOUNT).status_code == 200


def test_idle_is_locked_and_unlocking_goes_back() -> None:
    """B03: the same sign-in goes on, under a new token, where the person was."""
    therapist = a_therapist()
    with_password(therapist)
    browser = signed_in(therapist)
    before = SignInSession.objects.get()
    idle(16)
    response = browser.get("/account/?tab=1")
    assert response["Location"] == "/unlock/?next=%2Faccount%2F%3Ftab%3D1"
    page = browser.get(response["Location"])
    assert b"Locked, not ended" in page.content
    assert browser.post(response["Location"], {"password": "quite the wrong password"}).status_code == 422
    opened = browser.post(response["Location"], {"password": PASSWORD})
    assert (opened.status_code, opened["Location"]) == (303, "/account/?tab=1")
    assert browser.get(ACCOUNT).status_code == 200
    after = SignInSession.objects.get()
    assert after.id == before.id
    assert bytes(after.token_hash) != bytes(before.token_hash)


def test_a_script_hears_where_the_door_is() -> None:
    """What was typed stays in the page: autosave gets 401 and tries again after unlocking."""
    browser = signed_in(a_therapist())
    idle(16)
    response = browser.post("/account/sign-out-everywhere/", headers={"Accept": "application/json"})
    assert (response.status_code, response["X-Door"]) == (401, "/unlock/")
    assert SignInSession.objects.get().ended_at is None


def test_signing_out_empties_the_browser() -> None:
    browser = signed_in(a_therapist())
    response = browser.post("/sign-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.cookies[COOKIE].value == ""
    assert SignInSession.objects.get().ended_at is not None
    assert browser.get("/sign-out/").status_code == 405


@pytest.mark.parametrize(
    ("actor", "room"),
    [
        (frozenset({Role.THERAPIST, Role.MANAGER}), "/desk/"),
        (frozenset({Role.MANAGER}), "/office/"),
    ],
)
def test_everybody_is_led_to_their_room(actor: frozenset[Role], room: str) -> None:
    from tests.factories.people import staff

    assert signed_in(staff("Ruth Lind", *actor)).get("/")["Location"] == room


def test_step_up_is_asked_for_after_five_minutes() -> None:
    """B19."""
    therapist = a_therapist()
    with_password(therapist)
    app = with_time_code(therapist, clock.now() - timedelta(minutes=5))
    browser = signed_in(therapist)
    SignInSession.objects.update(stepped_up_at=clock.now() - timedelta(minutes=6))
    response = browser.get("/account/password/")
    assert response["Location"] == "/step-up/?next=%2Faccount%2Fpassword%2F"
    token = browser.cookies[COOKIE].value
    assert browser.post(response["Location"], {"password": PASSWORD, "code": ""}).status_code == 422
    done = browser.post(response["Location"], {"password": PASSWORD, "code": digits(app, clock.now())})
    assert done["Location"] == "/account/password/"
    assert browser.cookies[COOKIE].value != token
    assert browser.get("/account/password/").status_code == 200


def test_a_passkey_signs_in_over_the_wire() -> None:
    therapist = a_therapist()
    key = with_passkey(therapist, clock.now())
    browser = Browser()
    question = browser.post("/passkey/question/", content_type="application/json")
    answer = f'{{"credential": {key.sign(question.json())}}}'
    response = browser.post("/passkey/answer/?next=/account/", answer, content_type="application/json")
    assert response.json() == {"next": "/account/"}
    assert browser.get(ACCOUNT).status_code == 200
    again = Browser().post("/passkey/answer/", answer, content_type="application/json")
    assert again.status_code == 422


def test_rubbish_instead_of_a_passkey_is_refused() -> None:
    for body in ("", "[]", '{"credential": 1}', '{"credential": {"id": "x"}}', "{" * 2000):
        response = Browser().post("/passkey/answer/", body, content_type="application/json")
        assert response.status_code == 422


def test_the_demo_button_exists_in_a_demo_alone(settings: Settings) -> None:
    browser = signed_in(a_manager())
    idle(16)
    assert browser.post("/unlock/", {"demo": "yes"}).status_code == 422
    settings.INSTALLATION = replace(settings.INSTALLATION, demo=True)
    assert browser.post("/unlock/", {"demo": "yes"})["Location"] == "/office/"
    assert browser.post(reverse("entrance:step_up"), {"demo": "yes"}).status_code == 303
