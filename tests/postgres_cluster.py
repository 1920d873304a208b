"""A PostgreSQL server for as long as a test run needs one.

As a context manager: `with cluster() as server: server.url("rapport")`.
As a command:         python -m tests.postgres_cluster -- pytest tests/practice
"""

from __future__ import annotations

import glob
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER = "rapport"
# A test's data is worth nothing after a crash, so the server need not wait for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(Exception):
    """There is no PostgreSQL here, or it does not start."""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path:
    named = os.environ.get("RAPPORT_TEST_POSTGRES")
    on_path = shutil.which("initdb")
    installed = glob.glob("/usr/lib/postgresql/*/bin")  # noqa: PTH207 - Path.glob does not take an absolute pattern
    newest = sorted(installed, key=lambda path: int(re.findall(r"\d+", path)[0]), reverse=True)
    for folder in (named, on_path and Path(on_path).resolve().parent, *newest):
        if folder and (Path(folder) / "initdb").exists():
            return Path(folder)
    raise NoPostgres("no PostgreSQL binaries: python3 bootstrap.py test installs or names them")


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so a root's tests lend it another name."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoPostgres("running as root, and neither postgres nor nobody exists to run the server")


def _run(folder: Path, *command: str) -> None:
    # Output goes to a file: a server that inherited a pipe would keep the reader waiting for ever.
    with (folder / "commands.log").open("a+") as log:
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=log, stderr=log, check=False, timeout=120, **_unprivileged()
        )
        if done.returncode:
            log.seek(0)
            raise NoPostgres(f"{Path(command[0]).name} failed:\n{log.read()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def cluster(options: str = FAST) -> Iterator[Server]:
    programs = binaries()
    with tempfile.TemporaryDirectory(prefix="rapport-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if identity := _unprivileged():
            os.chown(folder, identity["user"], identity["group"])
        data = str(folder / "data")
        initdb = [str(programs / "initdb"), "-D", data, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
        _run(folder, *initdb, "--no-sync")
        port = _free_port()
        where = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-t", "60"]
        _run(folder, *control, "-o", f"{where} {options}", "-l", str(folder / "server.log"), "start")
        try:
            yield Server(port, folder)
        finally:
            _run(folder, *control, "-m", "immediate", "stop")


def main(arguments: list[str]) -> int:
    """Run a command with the practice's two databases on a new server, and return what it returned."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.postgres_cluster -- command …", file=sys.stderr)  # noqa: T201
        return 2
    try:
        with cluster() as server:
            environment = {
                **os.environ,
                "RAPPORT_TEST_DATABASE": "postgres",
                "RAPPORT_DATABASE_URL": server.url("rapport"),
                "RAPPORT_KEYS_DATABASE_URL": server.url("rapport_keys"),
            }
            return subprocess.run(command, env=environment, check=False).returncode
    except NoPostgres as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
