"""Every answer is dressed, whatever it answers; nobody can make another's browser act; no page calls anywhere."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client as Browser
from tests.factories.people import signed_in
from tests.factories.world import World
from tests.guards.addresses import addresses
from tests.guards.safety import unsafe
from tests.guards.test_allow_and_deny import expected, leaks
from tests.guards.visits import Answer, Visitor, body_of, visit

from rapport.config.logs import WithoutValues

WEB = Path(__file__).resolve().parents[2] / "src" / "rapport" / "web"
ELSEWHERE = re.compile(r"""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+""", re.IGNORECASE)
# Names, not addresses that anything fetches; and where “Leave quickly” goes when somebody presses it.
NAMES = ("http://www.w3.org", "https://www.wikipedia.org", "https://practice.example")


def _heard(response: HttpResponse) -> Answer:
    headers = {**dict(response.headers), "Set-Cookie": response.cookies.output()}
    return Answer(response.status_code, body_of(response), headers, 0, 0, frozenset())


@pytest.fixture
def carer(people: dict[str, Visitor]) -> Browser:
    return people["carer"].browser


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/at/all/", 404), ("/desk/sessions/not-an-id/", 404), ("/sign-out/", 405)]
)
def test_an_answer_to_nothing_is_dressed(carer: Browser, path: str, status: int) -> None:
    answer = _heard(carer.get(path))
    assert answer.status in (status, 302)
    assert unsafe(answer) == []


def test_a_fault_is_dressed_and_says_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    secret = "CANARY-own-reason in a local variable"

    browser = signed_in(world.carer)
    browser.raise_request_exception = False
    with patch("rapport.web.doors.page.ever", side_effect=ValueError(secret)):
        answer = _heard(browser.get("/desk/"))
    assert answer.status == 500
    assert unsafe(answer) == []
    assert "CANARY" not in answer.body.decode()
    quiet = WithoutValues()
    logged = "\n".join(quiet.format(record) for record in caplog.records)
    assert "Internal Server Error: /desk/" in logged
    assert "ValueError" in logged
    assert "CANARY" not in logged


def test_a_live_link_never_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    token = "Zk3" * 14 + "x"
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Refused: %s", (f"/invitation/{token}/",), None
    )
    assert WithoutValues().format(record) == "Refused: /invitation/…/"


def test_a_line_break_makes_no_line_in_the_log(carer: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """C09 and CVE-2025-48432: whoever asks for an address writes no entry of their own."""
    assert carer.get("/nowhere/%0D%0AERROR%20all%20is%20well%1B[31m/").status_code == 404
    lines = [WithoutValues().format(record) for record in caplog.records]
    assert any("all is well" in line for line in lines)
    assert not re.search(r"[\x00-\x1f\x7f]", "".join(lines))


@pytest.mark.parametrize(
    "sent",
    [
        {f"field-{number}": "x" for number in range(1001)},
        {"text": "x" * 3_000_001},
        {f"file-{number}": BytesIO(b"x") for number in range(6)},
    ],
    ids=["fields", "bytes", "files"],
)
def test_too_much_at_once_is_refused(carer: Browser, sent: dict[str, object]) -> None:
    """D04, I12."""
    answer = _heard(carer.post("/sign-in/", sent))
    assert answer.status == 400
    assert unsafe(answer) == []


def test_the_console_is_written_without_values() -> None:
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "without_values"
    assert settings.LOGGING["formatters"]["without_values"]["()"] == "rapport.config.logs.WithoutValues"


def test_another_host_is_refused_and_the_answer_dressed(carer: Browser) -> None:
    for name in ("host", "x-forwarded-host"):
        answer = _heard(carer.get("/sign-in/", headers={name: "evil.example"}))
        assert answer.status == 400
        assert unsafe(answer) == []


def test_static_files_are_dressed(carer: Browser) -> None:
    page = carer.get("/sign-in/").content.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(files) > 2
    for file in files:
        answer = _heard(carer.get(file))
        assert answer.status == 200
        assert unsafe(answer, static=True) == []


def test_another_site_cannot_make_a_browser_act(people: dict[str, Visitor], world: World) -> None:
    """The cookie alone is not enough: a post from elsewhere, or without the page's own token, changes nothing."""
    wrong = []
    for name, someone in (("carer", world.own), ("own client", world.own), ("manager", world.own)):
        visitor = people[name]
        strict = Browser(enforce_csrf_checks=True, raise_request_exception=False)
        strict.cookies.load({key: morsel.value for key, morsel in visitor.browser.cookies.items()})
        forged = Visitor(name, visitor.actor, strict, visitor.grades, visitor.own)
        for address in addresses():
            if expected(visitor, address, is_foreign=False) != "open":
                continue
            path = address.of(someone, own=visitor.own)
            answers = (
                visit(visitor, "POST", path, address.form, **{"Sec-Fetch-Site": "cross-site"}),
                visit(forged, "POST", path, address.form),
            )
            wrong += [
                f"{name} /{address.route}: {asked.status} {sorted(asked.touched)} {unsafe(asked)}"
                for asked in answers
                if asked.status not in (403, 405) or asked.changed or unsafe(asked)
            ]
    assert not wrong, "\n".join(wrong)


def test_searching_finds_only_ones_own(people: dict[str, Visitor], world: World) -> None:
    """Both clients have the same surname; a search finds it only where the searcher may."""
    wrong = []
    for visitor in people.values():
        for address in addresses():
            if address.parts or expected(visitor, address, is_foreign=False) != "open":
                continue
            query = {"q": "Weberin", "search": "Weberin", "page": "1", "week": "2026-02-23", "sort": "name", "all": "1"}
            answer = visit(visitor, "GET", address.of(world.own), query)
            if answer.status >= 500 or leaks(answer, visitor, world):
                told = sorted(leaks(answer, visitor, world))[:3]
                wrong.append(f"{visitor.name} /{address.route}: {answer.status} {told}")
    assert not wrong, "\n".join(wrong)
    found = visit(people["carer"], "GET", "/desk/clients/", {"q": "Weberin"})
    assert "CANARY-own-name" in found.tokens()


def test_no_page_style_or_script_names_another_origin() -> None:
    files = [file for kind in ("html", "css", "js", "svg") for file in WEB.rglob(f"*.{kind}")]
    assert len(files) > 100
    wrong = [
        f"{file.relative_to(WEB)}: {found[0]}"
        for file in files
        for found in ELSEWHERE.finditer(file.read_text(encoding="utf-8"))
        if not found[0].startswith(NAMES)
    ]
    assert not wrong
