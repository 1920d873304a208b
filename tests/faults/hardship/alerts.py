"""Nobody who says yes is overlooked, whatever fails: `python -m tests.faults.hardship.alerts COUNT [SEED]`.

A practice on a clock of its own: clients answer PHQ-9 item 9 and the ASQ, one answer at a time or a whole form, while
writes and commits fail, the worker is dead for hours, the mail server for six, and therapists are disabled. Then the
record is held against plain rules of the harness's own. At the end faults are put in on purpose, which it must notice.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction
from tests.config.practice_on_disk import create
from tests.faults.figures import show

from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations

SEED = 20260302
AS_CONTROL, TWICE = 100, 0.05
TICK = timedelta(minutes=15)
A_TICK = 12  # submissions between two runs of the worker, at most
A_PRACTICE = 10_000  # submissions in one practice, about two weeks of its clock; more are made in several
CLIENTS, THERAPISTS = 24, 4
FAULTY, PRESSES_AGAIN = 0.25, 0.7
NO = 0.8  # of the answers; the rest need a person
ANSWERED, CLOSED = 0.2, 0.3  # of the alerts, in each quarter of an hour; and of those, closed at once
QUIET, CALM = 32, 0  # eight hours without submissions (one in a control), and a moment when nothing is wrong
LONGEST_WAIT = timedelta(minutes=5)  # between two attempts of the post
DELIVERY = "rapport.practice.post.tasks.delivery"
BACKEND = "tests.faults.hardship.post.Backend"


@dataclass(slots=True)
class Person:
    """A client, with the therapist who has them, the one who covers, and their open forms."""

    course: Any
    actor: Any
    cover: Any
    assignments: dict[str, UUID]
    forms: dict[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class Practice:
    """Everybody."""

    manager: Any
    therapists: list[Any]
    people: list[Person]
    now: datetime


def bring_up() -> Practice:
    """A practice whose clients have a PHQ-9 and an ASQ to answer, and two therapists each."""
    from tests.factories.organisation import a_practice
    from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

    from rapport.practice.episodes.models import CareRelationship
    from rapport.practice.measures.actions import assign
    from rapport.practice.measures.choices import Rhythm

    a_practice()
    therapists = [a_therapist(f"Therapist {number}") for number in range(THERAPISTS)]
    people = []
    for number in range(CLIENTS):
        own, cover = therapists[number % THERAPISTS], therapists[(number + 1) % THERAPISTS]
        course = a_course(own, f"Client {number}")
        CareRelationship.objects.create(
            account_id=cover.account,
            client_id=course.client,
            started_at=AT,
            granted_by=own.account,
            episode_id=course.episode,
        )
        given = {
            name: assign(
                actor=own,
                at=AT,
                episode_id=course.episode,
                instrument_id=name,
                rhythm=Rhythm.EACH_SESSION,
                reason="a test",
            )
            for name in ("phq9", "asq")
        }
        people.append(Person(course, client_account(course), cover, given))
    return Practice(a_manager(), therapists, people, AT)


class Campaign:
    """So many submissions, and what was wrong when the record was read."""

    def __init__(
        self, practice: Practice, chance: random.Random, *, faulty: float = FAULTY, answered: float = ANSWERED
    ) -> None:
        from tests.faults.hardship.injected import Faults

        self.practice, self.chance, self.faulty, self.answered = practice, chance, faulty, answered
        self.faults = Faults(chance)
        self.began = practice.now
        self.acknowledged: dict[UUID, UUID | None] = {}
        self.ticks: list[tuple[datetime, bool]] = []  # the rounds of the worker, and whether post could leave in them
        self.mail_back: datetime | None = None
        self.said: Counter[str] = Counter()
        self.found: list[str] = []
        self.ever_disabled: set[UUID] = set()

    def run(self, count: int, quiet: int = QUIET) -> None:
        """Submissions, tick by tick; then the clock runs on until everything that waits has had its turn."""
        left, number = count, 0
        with self.faults.wired():
            while left > 0:
                for _ in range(min(left, self.chance.randint(1, A_TICK))):
                    self._submit()
                    left -= 1
                self.people_act()
                self._weather(number)
                self._advance(number)
                number += 1
            for _ in range(quiet):
                self.people_act()
                self._weather(CALM)
                self._advance(CALM, quiet=True)
        from tests.faults.hardship.judge import judge

        self.found += judge(self)

    @property
    def now(self) -> datetime:
        return self.practice.now

    def _submit(self) -> None:
        """One client says something; if it fails, most try again, some never."""
        person = self.chance.choice(self.practice.people)
        way = self.chance.choices([self._one_answer, self._hand_in, self._paper], [17, 2, 1])[0]
        done = way(person)
        self.said["submissions"] += 1
        while True:
            try:
                with self.faults.somewhere(self.faulty):
                    self.acknowledged.update(done())
                return
            except OperationalError:
                self.said["failed"] += 1
                if self.chance.random() > PRESSES_AGAIN:
                    return

    def _one_answer(self, person: Person) -> Callable[[], dict[UUID, UUID | None]]:
        from rapport.practice.measures.actions import answer_item, open_form

        name, item, yes = self.chance.choice(
            [
                ("phq9", "9", self.chance.randint(1, 3)),
                ("asq", str(self.chance.randint(1, 4)), self.chance.choice([1, None])),
            ]
        )
        value = self._no_or(yes)

        def answer() -> dict[UUID, UUID | None]:
            who: dict[str, Any] = {"actor": person.actor, "at": self.now}
            if name not in person.forms:
                person.forms[name] = open_form(**who, assignment_id=person.assignments[name])
            done = answer_item(**who, administration_id=person.forms[name], item=item, value=value)
            return {done.answer_id: done.alert_id}

        return answer

    def _no_or(self, yes: int | None) -> int | None:
        return 0 if self.chance.random() < NO else yes

    def _hand_in(self, person: Person) -> Callable[[], dict[UUID, UUID | None]]:
        from rapport.practice.measures.actions import submit_form

        answer = self._one_answer(person)

        def hand_in() -> dict[UUID, UUID | None]:
            done = answer()
            for name, form in list(person.forms.items()):
                submit_form(actor=person.actor, at=self.now, administration_id=form)
                del person.forms[name]
            return done

        return hand_in

    def _paper(self, person: Person) -> Callable[[], dict[UUID, UUID | None]]:
        from rapport.practice.measures.actions import enter_paper

        answers: dict[str, int | None] = {str(item): self.chance.randint(0, 3) for item in range(1, 9)}
        answers["9"] = self._no_or(self.chance.randint(1, 3))
        therapist = person.cover if person.course.therapist.account in self.ever_disabled else person.course.therapist

        def enter() -> dict[UUID, UUID | None]:
            enter_paper(
                actor=therapist,
                at=self.now,
                episode_id=person.course.episode,
                instrument_id="phq9",
                answered_on=self.now.date(),
                answers=answers,
            )
            return {}

        return enter

    def people_act(self) -> None:
        """Some alerts are answered, some of those closed; nobody acts on all of them."""
        from rapport.practice.safety.actions import acknowledge_alert, close_alert
        from rapport.practice.safety.choices import AlertState, Contact
        from rapport.practice.safety.models import Alert

        carers = {one.course.client: one for one in self.practice.people}
        for row in Alert.objects.filter(state=AlertState.OPEN).order_by("raised_at", "id"):
            if self.chance.random() > self.answered:
                continue
            who: dict[str, Any] = {"actor": carers[row.client_id].cover, "at": self.now, "alert_id": row.id}
            try:
                with self.faults.somewhere(self.faulty):
                    acknowledge_alert(**who, did="Called back.", contact=Contact.REACHED)
                    if self.chance.random() < CLOSED:
                        close_alert(**who, outcome="Spoken to.")
            except OperationalError:
                self.said["failed"] += 1

    def _weather(self, number: int) -> None:
        """The mail server and the colleagues: down for six hours every two days, gone for a day now and then."""
        from tests.faults.hardship.post import Server

        if number % 192 == 4:
            self.mail_back = self.now + timedelta(hours=6)
            self.said["mail server down for six hours"] += 1
        Server.is_up = self.mail_back is None or self.now >= self.mail_back
        if number % 96 == 10:
            self._disable(self.practice.therapists[number // 96 % THERAPISTS].account)
        if number % 96 in (34, CALM):
            self._enable()

    def _disable(self, account: UUID) -> None:
        """Not by the office, which refuses while alerts are open: as if somebody had done it in the database."""
        from rapport.practice.security.accounts.models import Account

        self.ever_disabled.add(account)
        Account.objects.filter(id=account).update(disabled_at=self.now)
        self.said["therapists disabled"] += 1

    def _enable(self) -> None:
        from rapport.practice.security.accounts.models import Account

        Account.objects.filter(id__in=self.ever_disabled).update(disabled_at=None)

    def _advance(self, number: int, *, quiet: bool = False) -> None:
        """The clock goes on; the worker does its rounds unless it is dead (for three hours of every two days)."""
        self.practice.now += TICK
        if number % 192 in range(40, 52):
            self.said["rounds without a worker"] += 1
            return
        from tests.faults.hardship.post import Server

        from rapport.config.operations.worker import duties, tick

        work = [duty for duty in duties() if duty.name in {"escalate alerts", "deliver post"}]
        struck = self.faults.struck
        with self.faults.somewhere(self.faulty if not quiet else 0.0):
            tick(work, self.now)
        disturbed = self.faults.struck > struck
        if disturbed or self.chance.random() < TWICE:
            for duty in work:
                duty.due = None
            tick(work, self.now)  # what a fault cut short; where there was none, nothing is done twice
        self.ticks.append((self.now, Server.is_up and not disturbed))  # taken in hand, a message waits for its lease
        self.found += _owners(self.now)


def _owners(at: datetime) -> Iterator[str]:
    """After the worker's round every open alert is with somebody who can sign in."""
    from rapport.practice.safety.choices import AlertState
    from rapport.practice.safety.models import Alert

    for row in Alert.objects.filter(state=AlertState.OPEN).exclude(owner__disabled_at=None):
        yield f"owner: an alert is with somebody who cannot sign in ({at:%d %b %H:%M}, {row.id})"


@contextmanager
def _alert_apart() -> Iterator[None]:
    """The alert in a transaction of its own: if that fails, the answer stays."""
    from rapport.practice.measures.actions.sheets import Sheet

    tell = Sheet._tell_a_person

    def apart(sheet: Sheet, *given: Any) -> UUID | None:
        try:
            with transaction.atomic():
                return tell(sheet, *given)
        except DatabaseError:
            return None

    with patch.object(Sheet, "_tell_a_person", apart):
        yield


def _an_hour_late() -> AbstractContextManager[Any]:
    from rapport.practice.safety.rules import clock

    def late(*given: Any, until: datetime) -> Any:
        return on_time(*given, until=until - timedelta(hours=1))

    on_time = clock.escalations
    return patch("rapport.practice.safety.tasks.escalations", late)


def controls() -> dict[str, tuple[AbstractContextManager[Any], str]]:
    """Faults put in on purpose, and what must be noticed."""
    return {
        "alert apart": (_alert_apart(), "answer without an alert"),
        "owners stay": (patch("rapport.practice.safety.tasks._hand_over", lambda *given: None), "owner"),
        "an hour late": (_an_hour_late(), "escalation"),
        "gives up": (
            patch("rapport.practice.post.tasks.delivery._is_for_good", lambda problem: True),
            "post: a message is failed",
        ),
    }


def _next_morning(now: datetime) -> datetime:
    """Nine o'clock on the next working day: at night nothing is escalated, late or not."""
    days = {4: 3, 5: 2}.get(now.weekday(), 1)
    return (now + timedelta(days=days)).replace(hour=9, minute=0)


def campaign(practice: Practice, count: int, seed: int) -> dict[str, Any]:
    """The submissions, and then the controls on the same practice, later."""
    from django.test import override_settings

    chance = random.Random(seed)  # noqa: S311 - a plan, not a secret
    with override_settings(EMAIL_BACKEND=BACKEND):
        whole = Campaign(practice, chance)
        whole.run(count)
        noticed = {}
        for name, (fault, expected) in controls().items():
            practice.now = _next_morning(practice.now)
            Campaign(practice, chance, faulty=0.0, answered=1.0).people_act()  # an open alert takes the same answer in
            with fault:
                small = Campaign(practice, chance, faulty=2 * FAULTY, answered=0.0)
                small.run(AS_CONTROL, quiet=4)
            noticed[name] = sum(problem.startswith(expected) for problem in small.found)
    return {"count": count, "seed": seed, "said": dict(whole.said), "found": whole.found, "noticed": noticed}


def one_practice(count: int, seed: int) -> dict[str, Any]:
    """A campaign on a practice in files, in this process."""
    from django.db import connections

    logging.disable()  # of what is made to fail here
    with tempfile.TemporaryDirectory(prefix="rapport-alerts-") as home:
        create(Path(home) / "data")
        installations.activate(read_installation(Path(home) / "data"))
        installations.prepare()
        for alias in connections:  # the power does not fail here: what the disk keeps is asked by power/cuts.py
            connections[alias].cursor().execute("PRAGMA synchronous=OFF")
        return campaign(bring_up(), count, seed)


def together(count: int, seed: int) -> dict[str, Any]:
    """So many submissions in as many practices as they need, side by side on every core."""
    sizes = [min(A_PRACTICE, count - begun) for begun in range(0, count, A_PRACTICE)]
    said: Counter[str] = Counter(practices=len(sizes))
    found, noticed = [], Counter(dict.fromkeys(controls(), 0))
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=1) as pool:
        for done in as_completed(pool.submit(one_practice, size, seed + place) for place, size in enumerate(sizes)):
            each = done.result()
            sys.stdout.write(f"{each['count']} with seed {each['seed']}: {each['said']} {each['found'][:5]}\n")
            sys.stdout.flush()
            said.update(each["said"])
            noticed.update({name: bool(times) for name, times in each["noticed"].items()})
            found += each["found"]
    return {"count": count, "seed": seed, "said": dict(said), "found": found, "noticed": noticed}


def main() -> None:
    """Run it on practices in files and show its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("seed", type=int, nargs="?", default=SEED)
    given = asked.parse_args()
    start = time.monotonic()
    done = together(given.count, given.seed)
    missed = [name for name, times in done["noticed"].items() if times < done["said"]["practices"]]
    rows: list[tuple[str, object]] = [
        ("submissions", f"{given.count}, seed {given.seed}, {time.monotonic() - start:.0f} s"),
        *done["said"].items(),
        ("overlooked, unowned, late or unsent", done["found"][:5] or "nothing"),
        ("faults put in on purpose", f"{len(done['noticed'])} in each practice, unnoticed: {missed or 'none'}"),
    ]
    show("Alerts", rows, done, good=not done["found"] and not missed)


if __name__ == "__main__":
    main()
