"""How much one answer costs that needs a person: portal → sealed row, alert, outbox, audit event → crisis card.

    python -m bench.walking_skeleton [--rounds 40]

A whole request through the WSGI application on a file-backed SQLite with `synchronous=FULL`, as a ratio of one bare
durable commit (one sealed-sized row, the same driver and pragmas, the same disk), interleaved in the same run so that
both see the same machine. Nothing is mocked: sign-in, cross-site check, policy, seals, audit chain, page.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOST = "localhost"
SECRET = "w" * 32  # the cross-site token: cookie and form must agree


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        measure(Path(folder), rounds)


def measure(folder: Path, rounds: int) -> None:
    """Prepare a practice with as many clients as rounds, then take turns."""
    from rapport.config.operations.installation import activate, create_installation, prepare

    installation = create_installation(folder / "data", vault=folder / "vault", origin=f"http://{HOST}", demo=True)
    activate(installation)
    prepare()
    commit = bare_commits(folder / "bare.sqlite3")
    waiting = portals(rounds + 2)
    for form, cookie in waiting[:2]:  # warm: templates compiled, statements prepared, keys opened
        post(form, 1, "1", cookie)
        post(form, 9, "1", cookie)
        commit()
    seconds: dict[str, list[float]] = {"bare commit": [], "answer": [], "answer + alert + card": []}
    for form, cookie in waiting[2:]:
        seconds["bare commit"].append(timed(commit))
        seconds["answer"].append(timed(partial(post, form, 1, "1", cookie)))
        seconds["bare commit"].append(timed(commit))
        seconds["answer + alert + card"].append(timed(partial(post, form, 9, "1", cookie)))
    report(seconds, rounds)


def report(seconds: dict[str, list[float]], rounds: int) -> None:
    """Medians, 95th percentiles and ratios; and the proof that nothing was lost on the way."""
    from rapport.practice.foundation import clock
    from rapport.practice.measures.queries import safety_balance
    from rapport.practice.security.policy.actor import SYSTEM

    bare = statistics.median(seconds["bare commit"])
    print(f"{'':24}{'median ms':>10}{'p95 ms':>10}{'x bare':>8}")
    for name, taken in seconds.items():
        middle, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{name:24}{middle * 1000:10.2f}{high * 1000:10.2f}{middle / bare:8.1f}")
    balance = safety_balance(viewer=SYSTEM, at=clock.now())
    print(f"answers needing a person {balance.positive}, without alert {balance.without_alert}")
    assert (balance.positive, balance.without_alert) == (rounds + 2, 0)


def portals(how_many: int) -> list[tuple[str, str]]:
    """Clients of one therapist, each signed in with a form begun: the form's address and the cookies."""
    from django.conf import settings
    from tests.factories.measures import a_form
    from tests.factories.organisation import a_practice
    from tests.factories.people import a_course, a_therapist, client_account

    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import open_sign_in

    a_practice()
    therapist = a_therapist()
    found = []
    for number in range(how_many):
        course = a_course(therapist, f"Client {number}")
        client = client_account(course, f"Client {number}")
        form = a_form(course, client, at=clock.now())
        token = open_sign_in(actor=client, at=clock.now(), account_id=client.account, second_factor="totp")
        found.append((str(form), f"{settings.SESSION_COOKIE_NAME}={token}; {settings.CSRF_COOKIE_NAME}={SECRET}"))
    return found


def post(form: str, question: int, value: str, cookie: str) -> None:
    """One answer through the WSGI application; an answer that needs a person must bring the crisis card."""
    from rapport.config.wsgi import application

    body = urlencode({str(question): value, "csrfmiddlewaretoken": SECRET}).encode()
    said: dict[str, Any] = {}
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/portal/forms/{form}/{question}/",
        "QUERY_STRING": "",
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
    response = application(environ, lambda status, headers: said.update(status=status))
    page = b"".join(response)
    response.close()
    if question == 9:
        assert said["status"].startswith("200"), said
        assert b"tel:999" in page, "the crisis card is missing"
    else:
        assert said["status"].startswith("303"), said


def bare_commits(file: Path) -> Callable[[], None]:
    """A function that commits one row durably, with the pragmas of the practice."""
    import sqlite3

    from rapport.config.environment import sqlite_database

    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in sqlite_database(file)["OPTIONS"]["init_command"].split(";"):
        connection.execute(pragma)
    connection.execute("CREATE TABLE answer (id BLOB PRIMARY KEY, sealed BLOB)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO answer VALUES (?, ?)", (os.urandom(16), os.urandom(64)))
        connection.execute("COMMIT")

    return commit


def timed(work: Callable[[], None]) -> float:
    """How long it took, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
