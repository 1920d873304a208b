"""How much one answer costs that needs a person: portal → sealed row, alert, outbox, audit event → crisis card.

A whole request on a file-backed SQLite with `synchronous=FULL`, as a ratio of one bare durable commit (one sealed-sized
row, the same driver and pragmas, the same disk). Nothing is mocked: sign-in, cross-site check, policy, seals, audit
chain, page.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.ground import Row, ask, clocked, cookie_of, in_turns


def measure(folder: Path, rounds: int) -> list[Row]:
    """As many clients as rounds: each answers twice; no answer that needs a person is without its alert."""
    waiting = portals(rounds + 1)
    answers = iter(waiting)
    alerts = iter(waiting)
    rows = in_turns(
        rounds,
        "bare durable commit",
        {
            "bare durable commit": clocked(bare_commits(folder / "bare.sqlite3")),
            "answer": clocked(lambda: answer(*next(answers), 1)),
            "answer + alert + crisis card": clocked(lambda: answer(*next(alerts), 9)),
        },
    )
    from rapport.practice.foundation import clock
    from rapport.practice.measures.queries import safety_balance
    from rapport.practice.security.policy.actor import SYSTEM

    balance = safety_balance(viewer=SYSTEM, at=clock.now())
    assert (balance.positive, balance.without_alert) == (rounds + 1, 0), balance
    return rows


def portals(how_many: int) -> list[tuple[str, str]]:
    """Clients of one therapist, each signed in with a form begun: the form's address and the cookies."""
    return list(_portals(how_many))


def _portals(how_many: int) -> Iterator[tuple[str, str]]:
    from tests.factories.measures import a_form
    from tests.factories.people import a_course, a_therapist, client_account

    from rapport.practice.foundation import clock

    therapist = a_therapist()
    for number in range(how_many):
        course = a_course(therapist, f"Client {number}")
        client = client_account(course, f"Client {number}")
        yield str(a_form(course, client, at=clock.now())), cookie_of(client)


def answer(form: str, cookie: str, question: int) -> None:
    """One answer; the ninth needs a person and must bring the crisis card."""
    status, page = ask("POST", f"/portal/forms/{form}/{question}/", cookie, {str(question): "1"})
    assert status.startswith("200" if question == 9 else "303"), status
    assert question != 9 or b"tel:999" in page, "the crisis card is missing"


def bare_commits(file: Path, size: int = 64) -> Callable[[], None]:
    """A function that commits one row of `size` bytes durably, with the pragmas of the practice."""
    import sqlite3

    from rapport.config.environment import sqlite_database

    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in sqlite_database(file)["OPTIONS"]["init_command"].split(";"):
        connection.execute(pragma)
    connection.execute("CREATE TABLE answer (id BLOB PRIMARY KEY, sealed BLOB)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO answer VALUES (?, ?)", (os.urandom(16), os.urandom(size)))
        connection.execute("COMMIT")

    return commit
