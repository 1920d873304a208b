"""A real mail server and a real gateway on this machine, for tests that send."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(slots=True)
class MailServer:
    """Keeps what arrives; can be taken down and brought up again at the same port."""

    port: int = field(default_factory=free_port)
    received: list[Message] = field(default_factory=list)
    sent_to: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(BytesParser(policy=default).parsebytes(envelope.content or b""))
        self.sent_to.extend(envelope.rcpt_tos)
        return "250 kept"

    @contextmanager
    def up(self) -> Iterator[None]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()

    def bodies(self) -> list[str]:
        return [str(one.get_content()) for one in self.received]


@dataclass(slots=True)
class Gateway:
    """A text message gateway that keeps what it is handed and answers as it is told."""

    status: int = 200
    location: str = ""
    heard: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def up(self) -> Iterator[None]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = self.headers["Content-Type"] == "application/json"
                gateway.heard.append(
                    (self.path, dict(self.headers.items()), json.loads(body) if is_json else body.decode())
                )
                self.send_response(gateway.status)
                if gateway.location:
                    self.send_header("Location", gateway.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
