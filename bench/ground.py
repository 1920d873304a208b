"""What every bench stands on: a practice on a disk, whole requests through WSGI, turns taken side by side."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOST = "localhost"
SECRET = "w" * 32  # the cross-site token: cookie and form must agree


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what it cost, and how many times what it is compared with."""

    name: str
    middle: float
    high: float
    ratio: float
    than: str


def open_practice(folder: Path) -> None:
    """A practice as `rapport serve` would open it, on a file, with every commit on the disk."""
    from rapport.config.operations.installation import activate, create_installation, prepare

    installation = create_installation(folder / "data", vault=folder / "vault", origin=f"http://{HOST}", demo=True)
    activate(installation)
    prepare()


def cookie_of(actor: Any) -> str:
    """The cookies of somebody who signed in just now."""
    from django.conf import settings

    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import open_sign_in

    token = open_sign_in(actor=actor, at=clock.now(), account_id=actor.account, second_factor="totp")
    return f"{settings.SESSION_COOKIE_NAME}={token}; {settings.CSRF_COOKIE_NAME}={SECRET}"


def ask(method: str, path: str, cookie: str, said: dict[str, str] | None = None) -> tuple[str, bytes]:
    """A whole request through the WSGI application: its status and its page."""
    from rapport.config.wsgi import application

    return request(application, method, path, cookie, {**said, "csrfmiddlewaretoken": SECRET} if said else {})


def request(application: Any, method: str, path: str, cookie: str, said: dict[str, str]) -> tuple[str, bytes]:
    """One request to any WSGI application."""
    body = urlencode(said).encode()
    heard: list[str] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SCRIPT_NAME": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    response = application(environ, lambda status, _headers: heard.append(status))
    page = b"".join(response)
    response.close()
    return heard[0], page


def timed(work: Callable[[], object]) -> float:
    """How long it took, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def clocked(work: Callable[[], object]) -> Callable[[], float]:
    """The same work, telling how long it took."""
    return partial(timed, work)


def in_turns(rounds: int, base: str, works: dict[str, Callable[[], float]]) -> list[Row]:
    """Everything once to warm up, then round after round side by side, so that all see the same machine."""
    for work in works.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            taken[name].append(work())
    bare = statistics.median(taken[base])
    return [
        Row(name, statistics.median(each), statistics.quantiles(each, n=20)[-1], statistics.median(each) / bare, base)
        for name, each in taken.items()
    ]
