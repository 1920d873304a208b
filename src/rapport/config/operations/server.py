"""Serving a practice: the web server and one worker beside it."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from rapport.config.environment import Installation, InstallationError

THREADS = 4
PAUSE = 1.0
log = logging.getLogger("rapport.server")


def port_of(installation: Installation) -> int:
    """The port of an address on this machine; behind TLS the server itself listens on 8000."""
    parts = urlsplit(installation.origin)
    return parts.port or 8000


def refuse_taken_port(port: int) -> None:
    """Say so in one sentence if somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise InstallationError(f"Port {port} is taken. Choose another one with --port.") from None


def serve(installation: Installation, port: int) -> None:
    """Serve until interrupted. Only this machine can reach the port; a TLS server in front lets others in."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    with kept_running([sys.executable, "-m", "rapport.config.operations.worker"]):
        Granian(
            "rapport.config.wsgi:application",
            address="127.0.0.1",
            port=port,
            interface=Interfaces.WSGI,
            blocking_threads=THREADS,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve()


@contextmanager
def kept_running(command: list[str], *, pause: float = PAUSE) -> Iterator[None]:
    """Run a command beside us for as long as this lasts; if it dies, again: a dead worker tells nobody of an alert."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            running = subprocess.Popen(command)  # noqa: S603 - our own worker, named by us
            while running.poll() is None and not stop.wait(pause):
                pass
            if stop.is_set():
                running.terminate()
                running.wait(timeout=20)
            else:
                log.error("the worker died (%s) and is started again", running.returncode)
                stop.wait(pause)

    keeper = threading.Thread(target=keep, name="keeper of the worker")
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
