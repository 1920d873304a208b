"""What people see and keep while the machine is in trouble: `python -m tests.faults.hardship.ordeal FOLDER`.

One practice, as it is served, goes through one trouble after another without ever being started again. In each a
therapist saves a note and reads one, a client says yes to item 9, and a stranger asks whom to call. What was not as it
must be is named; at the end, faults are put in on purpose, which the harness must notice.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.config.practice_on_disk import create
from tests.faults.hardship import troubles
from tests.faults.hardship.troubles import Made

from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations
from rapport.practice.foundation.trouble import Trouble

SECRET = "She spoke of the house by the river"
DOORS = "rapport.web.doors.hardship"
PHONE = "116 123"  # among the contacts of a practice in the United Kingdom
JSON = {"accept": "application/json"}
NOT_NOW = frozenset({503, 507})


class SentBack(HTMLParser):
    """The form of a page that gives back what was sent: where it goes, and its fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form" and of.get("method") == "post":
            self.action = of.get("action", "")
        if tag in {"input", "textarea"} and of.get("name"):
            self.fields[of["name"]] = of.get("value", "")
            self.open = of["name"] if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.fields[self.open] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self.open = ""


@dataclass(slots=True)
class Ground:
    """A practice that is served, its people at their browsers, and what they work on."""

    data: Path
    therapist: Any
    client: Any
    stranger: Any
    note: str
    question: str
    number: int = 0

    def save(self, text: str) -> tuple[str, dict[str, Any]]:
        """Where a save of the note goes, and what it says."""
        from rapport.practice.sessions.models import ProgressNote

        self.number += 1
        version = ProgressNote.objects.get(id=self.note).version
        sent = {"version": version, "client_tab": f"{self.number:032x}", "client_seq": 1, "text": text}
        return f"/desk/notes/{self.note}/save/", sent


def bring_up(data: Path) -> Ground:
    """A practice with a therapist, a client, a note and a form, at the door at which it is served."""
    installations.activate(read_installation(data))
    installations.prepare()
    from django.test import Client as Browser
    from tests.factories.measures import a_form
    from tests.factories.organisation import a_practice
    from tests.factories.people import a_course, a_therapist, client_account, signed_in
    from tests.factories.sessions import a_note, an_hour

    from rapport.web.doors.hardship import make_ready

    a_practice()
    therapist = a_therapist()
    course = a_course(therapist)
    client = client_account(course)
    note = a_note(course, an_hour(course), SECRET)
    form = a_form(course, client)
    make_ready()
    browsers = [signed_in(therapist), signed_in(client), Browser()]
    for browser in browsers:
        browser.defaults["HTTP_HOST"] = "localhost"
        browser.handler.enforce_csrf_checks = True
        browser.raise_request_exception = False
        browser.get("/help-now/")
    return Ground(data, *browsers, str(note), f"/portal/forms/{form}/9/")


def go_through(ground: Ground, made: Made, trouble: Trouble) -> list[str]:
    """One trouble from before to after; what was not as it must be."""
    found = [f"before: {problem}" for problem in _works(ground, f"Before {trouble}.")]
    words = f"What was typed while it was {trouble}. In two lines,\nwith <marks> & more."
    token = _token(ground.therapist, f"/desk/notes/{ground.note}/")
    own_token = _token(ground.client, ground.question)
    place, sent = ground.save(words)
    with made(ground.data):
        saved = ground.therapist.post(place, {**sent, "csrfmiddlewaretoken": token})
        found += _told(saved, trouble, words)
        kept = ground.therapist.post(place, sent, headers={**JSON, "x-csrftoken": token})
        found += _told_by_script(kept, trouble)
        found += _read(ground, trouble)
        answered = ground.client.post(ground.question, {"9": "2", "csrfmiddlewaretoken": own_token})
        found += _heard(answered)
        found += _crisis(ground)
        found += _worker()
    again = SentBack(saved.content.decode())
    if ground.therapist.post(again.action or place, again.fields).status_code != 303:
        found.append("what the page gave back was not taken")
    elif words not in _page(ground.therapist, f"/desk/notes/{ground.note}/"):
        found.append("what the page gave back was not kept")
    found += [f"after: {problem}" for problem in (*_works(ground, f"After {trouble}."), *_whole())]
    return found


def _works(ground: Ground, words: str) -> list[str]:
    """What does not work although nothing is wrong."""
    found = []
    place, sent = ground.save(words)
    token = _token(ground.therapist, f"/desk/notes/{ground.note}/")
    if ground.therapist.post(place, {**sent, "csrfmiddlewaretoken": token}).status_code != 303:
        found.append("a note was not saved")
    if words not in _page(ground.therapist, f"/desk/notes/{ground.note}/"):
        found.append("a note cannot be read")
    token = _token(ground.client, ground.question)
    answered = ground.client.post(ground.question, {"9": "1", "csrfmiddlewaretoken": token})
    if answered.status_code not in (200, 303):
        found.append(f"an answer was not taken ({answered.status_code})")
    return found


def _told(response: Any, trouble: Trouble, words: str) -> list[str]:
    """The page after a save that failed: what is wrong, what mends it, and every word that was typed."""
    page = response.content.decode()
    if response.status_code not in NOT_NOW:
        return [f"a save that could not be kept was answered with {response.status_code}"]
    found = [] if response.headers.get("Retry-After") else ["nobody is told when to try again"]
    found += [] if _remedy(trouble) in html.unescape(page) else ["the remedy is not named"]
    lost = SentBack(page).fields.get("text", "").replace("\r\n", "\n") != words
    return found + (["draft lost: the page does not hold what was typed"] if lost else [])


def _told_by_script(response: Any, trouble: Trouble) -> list[str]:
    if response.status_code not in NOT_NOW or "json" not in response.headers["Content-Type"]:
        return [f"the page that keeps typing was answered with {response.status_code}"]
    return [] if _remedy(trouble) in response.json()["words"] else ["the page that keeps typing hears no remedy"]


def _read(ground: Ground, trouble: Trouble) -> list[str]:
    """No page of a record leaves without its entry in the trail; what is no record is read on."""
    before = _events()
    pages = [ground.therapist.get(path) for path in (f"/desk/notes/{ground.note}/", "/desk/")]
    shown = [page for page in pages if SECRET in page.content.decode() or "Jonas Weber" in page.content.decode()]
    found = [f"a page failed with {page.status_code}" for page in pages if page.status_code not in {200, *NOT_NOW}]
    if shown and before is not None and _events() == before:
        found.append("unaudited: a page of a record was shown without an entry in the trail")
    if before is not None and ground.stranger.get("/sign-in/").status_code != 200:
        found.append("a page that needs no entry is not read on")
    if before is not None and ground.client.get("/portal/help/").status_code != 200:
        found.append("the client's own page for help is not read on")
    return found


def _heard(response: Any) -> list[str]:
    """A client whose answer could not be kept is told so, and told whom to call."""
    if response.status_code not in NOT_NOW:
        return [] if response.status_code in (200, 303) else [f"a client's answer failed: {response.status_code}"]
    return [] if PHONE in response.content.decode() else ["a client whose answer was not kept is not told whom to call"]


def _crisis(ground: Ground) -> list[str]:
    found = []
    for who, browser in (("stranger", ground.stranger), ("client", ground.client)):
        try:
            response = browser.get("/help-now/")
        except Exception as problem:
            found.append(f"crisis card: a {who} sees nothing at all ({type(problem).__name__})")
            continue
        if response.status_code != 200 or PHONE not in response.content.decode():
            found.append(f"crisis card: a {who} does not see whom to call ({response.status_code})")
    return found


def _worker() -> list[str]:
    """A worker that stops would silence every alert."""
    from rapport.config.operations.worker import duties, tick

    try:
        tick([duty for duty in duties() if duty.name in {"escalate alerts", "deliver post"}], datetime.now(UTC))
    except Exception as problem:
        return [f"the worker stopped: {type(problem).__name__}"]
    return []


def _whole() -> list[str]:
    """What is wrong with the record itself."""
    from rapport.practice.measures.queries import safety_balance
    from rapport.practice.security.audit.verify import verify
    from rapport.practice.security.policy.actor import SYSTEM

    found = [] if verify(None).finding is None else ["the trail is broken"]
    without = safety_balance(viewer=SYSTEM, at=datetime.now(UTC)).without_alert
    return found + ([f"{without} answers without an alert"] if without else [])


def _events() -> int | None:
    """How many entries the trail has, or None where it cannot be read."""
    from django.db import DatabaseError

    from rapport.practice.security.audit.models import AuditEvent

    try:
        return AuditEvent.objects.count()
    except DatabaseError:
        return None


def _page(browser: Any, path: str) -> str:
    return html.unescape(browser.get(path).content.decode()).replace("\r\n", "\n")


def _token(browser: Any, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode())
    return found[1] if found else ""


def _remedy(trouble: Trouble) -> str:
    from rapport.web.doors.hardship import WORDS

    return str(WORDS[trouble].remedy)


def controls(made: dict[str, tuple[Made, Trouble]]) -> dict[str, tuple[Any, str, str]]:
    """Faults put in on purpose: what is changed, in which trouble, and what must be noticed."""
    from django.db import DatabaseError

    from rapport.practice.organisation.queries import practice
    from rapport.practice.security.audit import trail

    def written_or_not(events: list[Any], write: Callable[..., None] = trail.write) -> None:
        try:
            write(events)
        except DatabaseError:
            return

    names = list(made)
    deaf = next(name for name in names if made[name][1] in (Trouble.TOO_MANY_FILES, Trouble.AWAY))
    audit = next(name for name in names if "audit" in name)
    return {
        "the draft is dropped": (patch(f"{DOORS}._typed", lambda request: []), names[0], "draft lost"),
        "a page without its entry": (patch.object(trail, "write", written_or_not), audit, "unaudited"),
        "contacts are asked of the record": (
            patch("rapport.practice.safety.queries.crisis.practice_in_need", practice), deaf, "crisis card",
        ),
    }  # fmt: skip


def main(data: Path) -> dict[str, Any]:
    """Every trouble that can be made here; then the faults that must be noticed."""
    data.parent.mkdir(parents=True, exist_ok=True)
    data.mkdir()
    own = troubles.small_disk(data)
    create(data)
    ground = bring_up(data)
    from django.db import connection

    here = troubles.ON_ITS_OWN_DISK if own else troubles.ON_A_SHARED_DISK
    made = {**troubles.SQLITE, **here} if connection.vendor == "sqlite" else troubles.POSTGRES
    found = {name: go_through(ground, *what) for name, what in made.items()}
    noticed = {}
    for name, (fault, trouble, expected) in controls(made).items():
        with fault:
            problems = go_through(ground, *made[trouble])
        noticed[name] = [problem for problem in problems if problem.startswith(expected)]
    return {"found": found, "noticed": noticed}


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, nargs="?")
    with tempfile.TemporaryDirectory(prefix="rapport-hardship-") as scratch:
        sys.stdout.write(json.dumps(main((asked.parse_args().folder or Path(scratch)) / "data")) + "\n")
