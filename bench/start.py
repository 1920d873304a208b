"""What an installation weighs: seconds from the command to the first page, and the memory of each of its processes."""

from __future__ import annotations

import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

STARTS, PATIENCE, PAUSE, SETTLED = 3, 60.0, 0.02, 5.0


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds to the first page, and megabytes by what a process is."""

    seconds: float
    memory: dict[str, float]


def measure(folder: Path) -> list[str]:
    """Lines to print: a practice that exists is opened a few times, as after a reboot."""
    found = [_start(folder, _free_port()) for _ in range(STARTS + 1)][1:]  # the first makes the practice
    lines = [f"cold start to the first page: {statistics.median(one.seconds for one in found):.2f} s"]
    lines += [f"memory, {name}: {megabytes:.0f} MB" for name, megabytes in sorted(found[-1].memory.items())]
    return lines


def _start(folder: Path, port: int) -> Started:
    with _served(folder, port) as process:
        begun = time.perf_counter()
        _first_page(process, port, begun + PATIENCE)
        seconds = time.perf_counter() - begun
        time.sleep(SETTLED)  # the worker is still reading its own modules
        return Started(seconds, dict(_family(process.pid)))


@contextmanager
def _served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    place = ["--data", str(folder / "started"), "--vault", str(folder / "vault-of-started")]
    command = [str(Path(sys.executable).with_name("rapport")), "serve", *place, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # our own command
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _first_page(process: subprocess.Popen[bytes], port: int, until: float) -> None:
    while time.perf_counter() < until and process.poll() is None:
        try:
            connection = HTTPConnection("localhost", port, timeout=PATIENCE)
            connection.request("GET", "/")
            if connection.getresponse().status < 400:
                return
        except (OSError, HTTPException):
            time.sleep(PAUSE)
        finally:
            connection.close()
    raise RuntimeError("The practice did not open.")


def _family(process: int) -> Iterator[tuple[str, float]]:
    """Every process below and with this one: the last words of its command, and its own memory (PSS) in megabytes."""
    for number, one in enumerate(_with_children(process)):
        words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8")
        kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        yield f"process {number + 1} ({_name(words)})", kilobytes / 1024


def _with_children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text(encoding="utf-8").split()]
    return [process, *(one for child in children for one in _with_children(child))]


def _name(words: list[bytes]) -> str:
    if any(word.endswith(b".worker") for word in words):
        return "worker"
    return "server" if b"serve" in words else "page process"
