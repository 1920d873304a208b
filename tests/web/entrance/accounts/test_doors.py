"""Headers, hosts, cookies, origins: on every answer there is."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import get_resolver
from pytest_django import Settings
from tests.factories.people import a_course, a_therapist, client_account, signed_in
from tests.house.test_pages import addresses

from rapport.practice.security.accounts.hashers import Busy
from rapport.web.doors.sign_in import device, local_path

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/sign-in/", "localhost", 200),
        ("/nowhere/", "localhost", 404),
        ("/account/", "localhost", 302),
        ("/static/components/css/base.css", "localhost", 200),
        ("/static/components/nothing.css", "localhost", 404),
        ("/sign-in/", "evil.example", 400),
        ("/static/components/css/base.css", "evil.example", 400),
    ],
)
def test_every_answer_carries_the_headers(path: str, host: str, status: int) -> None:
    """C08, C15, C17."""
    response = Browser().get(path, headers={"Host": host})
    b"".join(response)  # type: ignore[arg-type]
    response.close()
    assert response.status_code == status
    for name, value in EVERYWHERE.items():
        assert response[name] == value, name
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]
    assert ("no-store" in response.get("Cache-Control", "")) or path.startswith("/static/")
    assert "Server" not in response


def test_a_fault_carries_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """C15, C18: a page of our own, nothing of the request in it."""

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("canary of a client")

    monkeypatch.setattr("rapport.web.entrance.accounts.views.sign_in.has_staff", fail)
    response = Browser(raise_request_exception=False).get("/sign-in/")
    assert response.status_code == 500
    assert b"canary" not in response.content
    for name, value in EVERYWHERE.items():
        assert response[name] == value, name


def test_a_full_house_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """B16: 503 with Retry-After."""

    def full(*args: object, **kwargs: object) -> None:
        raise Busy

    monkeypatch.setattr("rapport.practice.security.accounts.actions.entry.matches", full)
    response = Browser().post("/sign-in/", {"email": "a@mail.example", "password": "anything at all"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("forwarded", ["evil.example", "localhost.evil.example"])
def test_a_forwarded_host_that_is_not_ours_is_refused(forwarded: str) -> None:
    """C17."""
    assert Browser().get("/sign-in/", headers={"X-Forwarded-Host": forwarded}).status_code == 400
    assert Browser().get("/sign-in/", headers={"X-Forwarded-Host": "localhost"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_posts_nothing_here(site: str) -> None:
    """C07: sign-in included (login CSRF)."""
    data = {"email": "a@mail.example", "password": "anything at all"}
    assert Browser().post("/sign-in/", data, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert Browser(enforce_csrf_checks=True).post("/sign-in/", data).status_code == 403


def test_json_as_plain_text_is_still_checked() -> None:
    """C07."""
    strict = Browser(enforce_csrf_checks=True)
    response = strict.post("/passkey/answer/", '{"credential": {}}', content_type="text/plain")
    assert response.status_code == 403


def test_secure_cookies_and_hsts_behind_tls(settings: Settings) -> None:
    """C16: `__Host-`, Secure, HttpOnly, SameSite; a year of HSTS."""
    settings.SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    from tests.factories.accounts import PASSWORD, with_password

    email = with_password(client_account(a_course(a_therapist())))
    browser = Browser()
    page = browser.get("/sign-in/", secure=True)
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    csrf = page.cookies["__Host-csrf"]
    assert csrf["secure"]
    assert csrf["httponly"]
    response = browser.post("/sign-in/", {"email": email, "password": PASSWORD}, secure=True)
    cookie = response.cookies["__Host-session"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
    assert not cookie["max-age"]


def test_unknown_and_foreign_are_the_same_bytes() -> None:
    """A01: the same 404, to the byte."""
    mara, alan = a_therapist(), a_therapist("Alan Brook")
    foreign, unknown = a_course(alan).client, uuid.uuid4()
    browser = signed_in(mara)
    bodies = [browser.get(f"/invite/{client}/") for client in (foreign, unknown)]
    assert [body.status_code for body in bodies] == [404, 404]
    assert bodies[0].content == bodies[1].content


def test_strangers_see_the_door_at_every_address() -> None:
    """J04: every address, asked for by nobody, leads to the door or is a public page."""
    browser = Browser()
    for pattern, view in addresses(get_resolver()):
        if "<" in pattern or getattr(view, "__page__", ("",))[0] == "public":
            continue
        response = browser.get("/" + pattern)
        assert response.status_code in {302, 405}, pattern
        assert response.status_code == 405 or response["Location"].startswith("/sign-in/"), pattern


def test_no_get_of_the_door_changes_anything() -> None:
    """C07: a crawler that follows every link of the door changes no row."""
    from rapport.practice.security.accounts import models

    browser = signed_in(a_therapist())

    def rows() -> list[object]:
        tables = (models.Account, models.SignInSession, models.TimeCode, models.SingleUseLink, models.RecoveryCode)
        return [list(table.objects.order_by("id").values()) for table in tables]

    before = rows()
    for pattern, _view in addresses(get_resolver()):
        if "<" not in pattern and not pattern.startswith(("desk", "portal", "office")):
            browser.get("/" + pattern)
    assert rows() == before


@pytest.mark.parametrize("good", ["/", "/desk/", "/desk/?a=1&b=//x", "/a%2F%2Fb"])
def test_a_path_of_this_house_is_kept(good: str) -> None:
    assert local_path(good) == good


@pytest.mark.parametrize("bad", ["", "desk/", "//x", "/\\x", "/a\nb", "http://x/", "javascript:1", "///x", "/\t/x"])
def test_anything_else_is_not(bad: str) -> None:
    """B14."""
    assert local_path(bad, "/home/") == "/home/"


def test_a_browser_is_named_in_two_words() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    request = RequestFactory().get("/", headers={"User-Agent": agent})
    assert device(request) == "Chrome · Linux"
    assert device(RequestFactory().get("/", headers={"User-Agent": "<script>"})) == ""


def test_the_cookie_is_named_for_this_machine_only() -> None:
    assert settings.SESSION_COOKIE_NAME == "session"
