"""Serving a practice: the web server and one worker beside it."""

from __future__ import annotations

import socket
import subprocess
import sys
from urllib.parse import urlsplit

from rapport.config.environment import Installation, InstallationError

THREADS = 4


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

    worker = subprocess.Popen([sys.executable, "-m", "rapport.config.operations.worker"])
    try:
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
    finally:
        worker.terminate()
        worker.wait(timeout=20)
