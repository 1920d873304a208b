#!/usr/bin/env python3
"""Rapport's front door. Needs nothing but Python 3.11 and this repository.

    python3 bootstrap.py run  [--port N] [--data DIR]   opens the demo practice in your browser's reach
    python3 bootstrap.py test [pytest arguments]        proves the whole house

What goes wrong is said in one sentence, with exit code 1. The syntax stays readable for an old Python,
so that even that one can say which Python is needed.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "rapport-synced"
UV = "uv==0.13.9"
OLDEST = (3, 11)
PORT = 8000
# What is asked of the other database as well: every duty, the permission matrix through every address, the alerts. The
# campaigns that bring their own server (many hands, moves, stopped acts, troubles, backups) are among the other tests.
ON_POSTGRES = ("tests/practice", "tests/guards/test_allow_and_deny.py", "tests/faults/hardship/test_alerts.py")

NETWORK_WORDS = re.compile(
    r"dns|resolve|connect|network|timed? ?out|unreachable|proxy|ssl|certificate|error sending request"
    r"|failed to fetch|no matching distribution",
    re.IGNORECASE,
)
UV_PROGRESS = ("Downloading", "Downloaded", "Building", "Built", "Prepared", "Installed")


class Trouble(Exception):
    """Something the reader can put right; its text is the one sentence they get."""


def say(text: str) -> None:
    print(text, flush=True)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


# The environment


def check_python() -> None:
    if sys.platform == "win32":
        raise Trouble("Rapport runs on Linux and macOS; on Windows, use the Windows Subsystem for Linux.")
    if sys.version_info[:2] < OLDEST:
        here = ".".join(str(part) for part in sys.version_info[:2])
        raise Trouble(
            f"Rapport needs Python 3.11 or newer and this is Python {here} ({sys.executable}): "
            "install a newer one and start with it, for example python3.11 bootstrap.py run."
        )
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Trouble(
            "This Python cannot make environments because its venv module is missing: "
            "on Debian or Ubuntu, run apt install python3-venv as root, then start again."
        )


def program(name: str) -> str:
    return str(VENV / "bin" / name)


def clean_environment() -> dict[str, str]:
    """The caller's environment, without another virtual environment's or Python path's influence."""
    kept = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    kept.update(UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=str(VENV), UV_NO_PROGRESS="1")
    return kept


def follow(command: list[str], shown: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run a command, pass on the lines worth showing, keep all of them for the diagnosis."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        if line.lstrip().startswith(shown):
            say("      " + line.strip())
    return process.wait(), "".join(lines)


def diagnose(what: str, output: str) -> Trouble:
    if NETWORK_WORDS.search(output):
        return Trouble(
            f"{what} failed because the Python package index cannot be reached: "
            "check the network (or proxy), then run the same command again."
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return Trouble(f"{what} failed: {lines[-1] if lines else 'it said nothing'}")


def wanted(level: str) -> str:
    """What the environment must match: the two files that define it, and this Python."""
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for name in ("pyproject.toml", "uv.lock"):
        digest.update((ROOT / name).read_bytes())
    return f"{digest.hexdigest()} {level}"


def environment(level: str) -> None:
    """Make or refresh `.venv`. `level` is "run", or "test", which holds everything "run" does."""
    had = STAMP.read_text() if STAMP.is_file() else ""
    healthy = Path(program("python")).exists()
    if healthy and had in (wanted(level), wanted("test")):
        return
    if had.endswith(" test"):
        level = "test"
    if not healthy:
        say("[1/3] Making .venv")
        code, output = follow([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if code:
            raise diagnose("Making the environment", output)
    install_uv()
    say("[3/3] Installing what uv.lock lists; the first time takes a minute or two")
    extra = [] if level == "test" else ["--no-dev", "--extra", "practice"]
    code, output = follow([program("uv"), "sync", "--locked", "--python", program("python"), *extra], UV_PROGRESS)
    if code:
        raise diagnose("Installing the packages", output)
    STAMP.write_text(wanted(level))


def install_uv() -> None:
    asked = subprocess.run([program("python"), "-m", "uv", "--version"], capture_output=True, text=True, check=False)
    if asked.returncode == 0 and asked.stdout.split()[1:2] == [UV.partition("==")[2]]:
        return
    say(f"[2/3] Installing {UV}")
    code, output = follow([program("python"), "-m", "ensurepip", "--default-pip"])
    if not code:
        pip = [program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
        code, output = follow([*pip, UV])
    if code:
        raise diagnose("Installing uv", output)


# python3 bootstrap.py run


def check_port(port: int) -> None:
    """Bind, and knock: on macOS one can bind where another program answers for every address."""
    taken = Trouble(f"Port {port} is already in use: stop the program there, or choose another with --port {port + 1}.")
    with socket.socket() as knock:
        knock.settimeout(1)
        if knock.connect_ex(("127.0.0.1", port)) == 0:
            raise taken
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(f"Port {port} needs administrator rights: choose one above 1023 with --port 8000.") from None
        except OSError:
            raise taken from None


def run(port: int, data: Path) -> int:
    check_port(port)
    environment("run")
    command = [program("rapport"), "demo", "run", "--data", str(data), "--port", str(port)]
    os.chdir(ROOT)
    os.execve(command[0], command, clean_environment())  # noqa: S606 - no shell is what we want
    return 1


# python3 bootstrap.py test


def apt_install(*packages: str) -> bool:
    """Debian and Ubuntu, as root: a bare container has no package lists yet, and nobody to answer questions."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"      apt-get install {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            say("      " + (done.stderr.strip().splitlines() or ["apt-get failed"])[-1])
            return False
    return True


def starts(executable: str | None) -> bool:
    """Ubuntu's chromium-browser without snap is only a message, so ask for the version."""
    if not executable or not os.access(executable, os.X_OK):
        return False
    try:
        return subprocess.run([executable, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find_chromium() -> str | None:
    candidates = [os.environ.get("RAPPORT_TEST_CHROMIUM")]
    candidates += [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "chrome")]
    for folder in ("/Applications", str(Path.home() / "Applications")):
        candidates += [f"{folder}/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome")]
    return next((found for found in candidates if starts(found)), None) or find_playwright_chromium()


def find_playwright_chromium() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    asked = subprocess.run([program("python"), "-c", ask], capture_output=True, text=True, check=False)
    found = asked.stdout.strip()
    return found if starts(found) else None


def install_chromium() -> str | None:
    say("Looking for Chromium: none here, installing one")
    found = find_chromium() if apt_install("chromium") else None
    if found:
        return found
    extra = ["--with-deps"] if os.geteuid() == 0 and sys.platform == "linux" else []
    follow([program("playwright"), "install", *extra, "chromium"])
    return find_chromium()


def find_postgres() -> str | None:
    """The folder that holds initdb, pg_ctl and postgres; the newest version first."""
    on_path = shutil.which("initdb")
    folders = [os.environ.get("RAPPORT_TEST_POSTGRES"), on_path and str(Path(on_path).resolve().parent)]
    for pattern in (
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql*/bin",
        "/usr/local/opt/postgresql*/bin",
    ):
        found = glob.glob(pattern)  # noqa: PTH207 - Path.glob does not take an absolute pattern
        folders += sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", path)], reverse=True)
    needed = ("initdb", "pg_ctl", "postgres")
    return next((f for f in folders if f and all(os.access(f"{f}/{name}", os.X_OK) for name in needed)), None)


def install_postgres() -> str | None:
    say("Looking for PostgreSQL: none here, installing it")
    return find_postgres() if apt_install("postgresql") else None


def test(pytest_arguments: list[str]) -> int:
    environment("test")
    missing = []
    tools = {
        "RAPPORT_TEST_CHROMIUM": (find_chromium() or install_chromium(), "journeys in a browser: no Chromium"),
        "RAPPORT_TEST_POSTGRES": (find_postgres() or install_postgres(), "tests on PostgreSQL: no initdb"),
    }
    for name, (found, loss) in tools.items():
        os.environ.pop(name, None)
        if found:
            os.environ[name] = found
            say(f"{name.removeprefix('RAPPORT_TEST_').capitalize()}: {found}")
        else:
            missing.append(f"{loss} was found, and none could be installed here")
    if pytest_arguments:
        steps = {"pytest": pytest_command(*pytest_arguments)}
    else:
        steps = all_steps(with_postgres="RAPPORT_TEST_POSTGRES" in os.environ)
    failed = perform(steps)
    return report(failed, missing)


def pytest_command(*arguments: str) -> list[str]:
    return [program("python"), "-m", "pytest", "-rs", *arguments]


def all_steps(*, with_postgres: bool) -> dict[str, list[str]]:
    steps = {
        "ruff check": [program("ruff"), "check"],
        "ruff format": [program("ruff"), "format", "--check"],
        "imports": [program("lint-imports"), "--no-cache"],
        "types": [program("mypy")],
        "templates": [program("djlint"), "src", "--lint", "--quiet"],
    }
    if with_postgres:
        cluster = [program("python"), "-m", "tests.postgres_cluster", "--"]
        steps["on PostgreSQL"] = cluster + pytest_command(*ON_POSTGRES, "-m", "not journey", "-n", "auto")
    steps["every test"] = pytest_command("-n", "auto", "--dist", "loadgroup")
    return steps


def perform(steps: dict[str, list[str]]) -> list[str]:
    failed = []
    for number, (name, command) in enumerate(steps.items(), start=1):
        say(f"\n[{number}/{len(steps)}] {name}")
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode
        if code:
            failed.append(name)
        say(f"[{number}/{len(steps)}] {name}: {'FAILED' if code else 'passed'} in {time.monotonic() - began:.0f} s")
    return failed


def report(failed: list[str], missing: list[str]) -> int:
    """Outside CI a missing browser or database is told, not punished; in CI it fails."""
    say("")
    for loss in missing:
        say(f"Could not run: {loss}.")
    if not missing:
        say("Could not run: nothing was missing; a skipped test is listed above with its reason.")
    if failed:
        say("Failed: " + ", ".join(failed) + ".")
    elif missing and in_ci():
        say("Failed: in CI nothing may be left out.")
    else:
        say("Everything that ran has passed.")
    return 1 if failed or (missing and in_ci()) else 0


def parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Opens Rapport's demo practice, or proves it.")
    commands = parser.add_subparsers(dest="command", required=True)
    opening = commands.add_parser("run", help="build the demo practice if need be and serve it on this computer")
    opening.add_argument("--port", type=int, default=PORT, help=f"where to listen, 1 to 65535 (default {PORT})")
    opening.add_argument("--data", type=Path, default=ROOT / ".demo", help="the demo's folder (default .demo)")
    commands.add_parser("test", help="run every check and test; further arguments go to pytest, which then runs alone")
    options, rest = parser.parse_known_args(arguments)
    if options.command == "run" and rest:
        parser.error(f"unknown: {' '.join(rest)}")
    if options.command == "run" and not 0 < options.port < 65536:
        parser.error("--port is a number from 1 to 65535")
    return options, rest


def main(arguments: list[str]) -> int:
    try:
        check_python()
        options, rest = parse(arguments)
        if options.command == "run":
            return run(options.port, options.data.resolve())
        return test(rest)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        print(f"Rapport could not start: {error.strerror or error} ({error.filename or ROOT}).", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
