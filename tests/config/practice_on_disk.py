"""A practice in files, as a real one is, driven from outside: `python -m tests.config.practice_on_disk VERB DATA …`.

Django is set up once per process, so what needs the settings of a real practice runs in a process of its own. Each verb
prints one JSON object.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from rapport.config.environment import read_installation
from rapport.config.operations import installation as installations

ROOT = Path(__file__).resolve().parents[2]


def create(data: Path, *, origin: str = "http://localhost:8000") -> None:
    """An empty practice with its vault beside it. Needs no Django."""
    installations.create_installation(data, vault=data.parent / "vault", demo=False, origin=origin)


def ask(verb: str, data: Path, *arguments: str, **environment: str) -> Any:
    """Run a verb in a process of its own; what it printed."""
    done = run([sys.executable, "-m", "tests.config.practice_on_disk", verb, str(data), *arguments], **environment)
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout.splitlines()[-1]) | {"stderr": done.stderr}


def rapport(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does."""
    return run([sys.executable, "-m", "tests.config.practice_on_disk", "rapport", *arguments], **environment)


def run(command: list[str], *, timeout: int = 300, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RAPPORT_", "DJANGO_"))}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**clean, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def _open(data: Path) -> None:
    installations.activate(read_installation(data))
    installations.prepare()


def fill(data: Path) -> dict[str, Any]:
    """Two clients with everything a client can have; then their pages are looked at."""
    _open(data)
    from django.test import Client as Browser
    from tests.factories.people import signed_in
    from tests.factories.world import NOW, a_world

    from rapport.practice.security.audit.checkpoints import write_checkpoint
    from rapport.practice.security.keys.models import CompartmentKey

    world = a_world()
    for actor in (world.carer, world.own.account, world.manager):
        browser = _here(signed_in(actor)) if actor else Browser()
        for path in ("/desk/", "/portal/", "/office/", f"/desk/clients/{world.own.client}/"):
            browser.get(path)
    write_checkpoint(NOW)
    wrapped = CompartmentKey.objects.get(kind="client", subject=world.own.client).wrapped
    return {
        "canaries": sorted(world.own.canaries) + sorted(world.other.canaries),
        "own": str(world.own.client),
        "other": str(world.other.client),
        "wrapped": bytes(wrapped).hex(),
        "therapist": str(world.carer.account),
        "other_act": world.other.ids["act"],
        "manager": str(world.manager.account),
    }


def _here(browser: Any) -> Any:
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


def erase(data: Path, manager: str, other_act: str) -> dict[str, Any]:
    """What was asked for three days ago happens: the client called own is erased; the other request is called off."""
    _open(data)
    from tests.factories.people import AT

    from rapport.practice.security.approvals.actions import cancel_act
    from rapport.practice.security.approvals.tasks import run_due_acts
    from rapport.practice.security.policy.actor import SYSTEM, Actor, Role

    later = AT + timedelta(hours=73)
    cancel_act(actor=Actor(UUID(manager), frozenset({Role.MANAGER})), at=later, act_id=UUID(other_act))
    return {"acts": run_due_acts(actor=SYSTEM, at=later)}


def names(data: Path, *clients: str) -> dict[str, Any]:
    """What can still be read of some clients' names and words."""
    _open(data)
    from rapport.practice.clients.models import Client
    from rapport.practice.clients.rules.record import name_of
    from rapport.practice.episodes.models import Referral
    from rapport.practice.episodes.queries.referrals import REFERRAL_WORDS
    from rapport.practice.security.keys import api as keys

    found = {}
    for one in clients:
        try:
            referral = Referral.objects.get(episode__client_id=one)
            words = keys.unseal_data(keys.client(UUID(one)), REFERRAL_WORDS, referral.id, referral.words_sealed)
            found[one] = [name_of(Client.objects.get(id=one)), words["reason"]]
        except keys.KeyDestroyed:
            found[one] = []
    return found


def doors(data: Path) -> dict[str, Any]:
    """How a fresh practice answers at its door, and whether anybody is in it."""
    _open(data)
    from django.conf import settings
    from django.test import Client as Browser

    from rapport.config.cli.links import opening_links
    from rapport.practice.security.accounts.models import Account

    origin = read_installation(data).origin
    host, is_secure = origin.partition("://")[2].partition(":")[0], origin.startswith("https")
    link = opening_links(read_installation(data))[-1].strip()
    answers = {}
    opening = link.partition(host)[2].lstrip(":0123456789")
    for path in ("/sign-in/", f"/demo/{'A' * 43}/", "/gallery/", "/nowhere/", opening):
        response = Browser().get(path, secure=is_secure, headers={"host": host})
        answers[path] = {"status": response.status_code, "headers": dict(response.headers)}
        answers[path]["cookies"] = response.cookies.output()
    return {
        "accounts": Account.objects.count(),
        "answers": answers,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "link": link,
        "debug": settings.DEBUG,
    }


EARLIER, LATER, AFTER = 8, 5, 3  # events before the first checkpoint, before the second, and after it


def write_trail(data: Path) -> dict[str, Any]:
    """A trail with two checkpoints in which no column is empty; copies of the database beside it."""
    _open(data)
    from tests.factories.people import AT

    from rapport.practice.security.audit.checkpoints import write_checkpoint

    moment = AT
    for count in (EARLIER, LATER, AFTER):
        for _ in range(count):
            moment += timedelta(minutes=1)
            _an_event(moment)
        if count != AFTER:
            write_checkpoint(moment)
            copy_of(data, data.parent / f"after-{count}.sqlite3")
    copy_of(data, data.parent / "whole.sqlite3")
    return {}


def _an_event(at: Any, reason: str = "as agreed") -> None:
    from uuid import uuid4

    from rapport.practice.security.audit import trail
    from rapport.practice.security.policy.actor import Actor, Role

    trail.record(
        actor=Actor(uuid4(), frozenset({Role.THERAPIST}), session="one"), action="edit", object_type="contract",
        object_id=uuid4(), at=at, client=uuid4(), reason=reason, detail=b"sealed", private_to=uuid4(),
    )  # fmt: skip


def copy_of(data: Path, to: Path) -> None:
    """The database as it is now, in one file, without the triggers that guard it."""
    import sqlite3

    with sqlite3.connect(data / "data.sqlite3") as source, sqlite3.connect(to) as target:
        source.backup(target)
        target.execute("DROP TRIGGER audit_no_update")
        target.execute("DROP TRIGGER audit_no_delete")


def verify_each(data: Path, runs: str) -> dict[str, Any]:
    """`runs`: name → [file, arguments]. Put the file in the place of the database and run `rapport audit verify`."""
    installations.activate(read_installation(data))
    from click.testing import CliRunner
    from django.db import connections

    from rapport.config.cli import rapport as command

    found = {}
    for name, (file, arguments) in json.loads(runs).items():
        connections.close_all()
        for rest in data.glob("data.sqlite3*"):
            rest.unlink()
        (data / "data.sqlite3").write_bytes(Path(file).read_bytes())
        done = CliRunner().invoke(command, ["audit", "verify", "--data", str(data), "--json", *arguments])
        found[name] = {"code": done.exit_code, **json.loads(done.output.splitlines()[-1])}
    return found


def main(verb: str, *arguments: str) -> None:
    if verb == "rapport":
        from rapport.config import cli

        sys.argv = ["rapport", *arguments]
        cli.main()
        return
    verbs = {"fill": fill, "erase": erase, "names": names, "doors": doors}
    verbs |= {"write_trail": write_trail, "verify_each": verify_each}
    print(json.dumps(verbs[verb](Path(arguments[0]), *arguments[1:])), flush=True)  # noqa: T201
    os._exit(0)  # as the power fails: nothing is closed, the write-ahead log stays as it is


if __name__ == "__main__":
    main(*sys.argv[1:])
