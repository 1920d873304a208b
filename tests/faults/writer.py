"""A client who answers item 9 again and again while the power fails: `python -m tests.faults.writer DATA HOW RUNS`.

Django is set up once; each run forks a child that writes and tells its parent, through a pipe, what was acknowledged.
The parent kills the child with SIGKILL at a moment it does not choose, then reads the record again. HOW is `whole` (as
the practice does it) or `apart` (the control: the alert in a transaction of its own).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations

HALF = b"half\n"
MOST_ANSWERS, LONGEST = 12, 0.03


def main(data: Path, how: str, runs: int) -> dict[str, Any]:
    installations.activate(read_installation(data))
    from django.core.management import call_command
    from django.db import connections

    for alias in ("default", "keys"):
        call_command("migrate", database=alias, verbosity=0)
    client, form = _prepare()
    chance = random.Random(20260302)  # noqa: S311 - moments, not secrets
    told: list[tuple[str, str]] = []
    for _ in range(runs):
        for connection in connections.all():
            connection.close()  # a connection does not survive a fork
        told += _run(client, form, how, chance.randint(1, MOST_ANSWERS), chance.uniform(0.0, LONGEST))
    return _read_again(form, told)


def _prepare() -> tuple[Any, UUID]:
    from tests.factories.measures import a_form
    from tests.factories.organisation import a_practice
    from tests.factories.people import a_course, a_therapist, client_account

    a_practice()
    course = a_course(a_therapist())
    client = client_account(course)
    return client, a_form(course, client)


def _run(client: Any, form: UUID, how: str, answers: int, after: float) -> list[tuple[str, str]]:
    """One child, killed a moment after it acknowledged some answers; what it had acknowledged."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            _write_for_ever(client, form, how, write)
        except Exception:
            traceback.print_exc()
        os._exit(1)  # what the parent has open is not the child's to close
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = []
        for line in pipe:
            said.append(line)
            if len(said) >= answers or line == HALF:
                break
        else:
            raise RuntimeError("The writer ended by itself.")
        time.sleep(after)  # it dies in the middle of whatever it does then: a handshake would choose the moment
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said += pipe
    words = [line.decode().split() for line in said if line.endswith(b"\n")]
    return [(pair[0], pair[1]) for pair in words if len(pair) == 2]


def _write_for_ever(client: Any, form: UUID, how: str, write: int) -> None:
    from tests.factories.people import AT

    from rapport.practice.measures.actions import answer_item
    from rapport.practice.measures.models import Answer

    save: Callable[..., Any] = _in_two_steps(write) if how == "apart" else answer_item
    number = Answer.objects.count()  # the same answer twice would be one answer, so each differs from the last
    while True:
        number += 1
        done = save(
            actor=client, at=AT + timedelta(seconds=number), administration_id=form, item="9", value=1 + number % 3
        )
        os.write(write, f"{done.answer_id} {done.alert_id}\n".encode())


def _in_two_steps(write: int) -> Callable[..., Any]:
    """The fault that the whole must not have: the answer is committed, then its alert."""
    from rapport.practice.measures.actions import answer_item
    from rapport.practice.measures.actions.sheets import Sheet

    tell = Sheet._tell_a_person
    later: list[tuple[Any, ...]] = []

    def postponed(*given: Any) -> None:
        later.append(given)

    def save(**given: Any) -> Any:
        Sheet._tell_a_person = postponed
        done = answer_item(**given)
        os.write(write, HALF)
        signal.pause()  # the power fails here
        Sheet._tell_a_person = tell
        tell(*later.pop())
        return done

    return save


def _read_again(form: UUID, told: list[tuple[str, str]]) -> dict[str, Any]:
    """What is in the record, held against itself and against what was acknowledged."""
    from django.db import connection

    from rapport.practice.measures.models import Answer, AnswerAlert
    from rapport.practice.safety.choices import StepKind
    from rapport.practice.safety.models import Alert, AlertStep
    from rapport.practice.security.audit.models import AuditEvent
    from rapport.practice.security.audit.verify import verify

    answers = {str(one) for one in Answer.objects.filter(administration=form, item="9").values_list("id", flat=True)}
    links = dict(AnswerAlert.objects.values_list("answer_id", "alert_id"))
    alerts = set(Alert.objects.values_list("id", flat=True))
    events = AuditEvent.objects.filter(decision="allow")
    counted = sum(Alert.objects.values_list("times", flat=True))
    steps = AlertStep.objects.filter(kind__in=(StepKind.OPENED, StepKind.REPEATED)).count()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        integrity = cursor.fetchone()[0]
    return {
        "acknowledged": len(told),
        "lost": [answer for answer, _ in told if answer not in answers],
        "answers": len(answers),
        "without_alert": sorted(answers - {str(answer) for answer in links}),
        "alerts_nowhere": [str(alert) for alert in links.values() if alert not in alerts],
        "counts": {
            "answers": len(answers),
            "links": len(links),
            "times": counted,
            "steps": steps,
            "answered": events.filter(object_type="questionnaire", action="answer").count(),
            "raised": events.filter(object_type="alert", action__in=("raise", "repeat")).count(),
        },
        "integrity": integrity,
        "trail": verify(None).finding and "tampered",
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))), flush=True)  # noqa: T201
