"""Tests talk to this machine only: any other address is an error that says so."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("localhost", "testserver", "")


class NetworkForbidden(Exception):
    """A test tried to reach another machine."""


def _is_here(host: object) -> bool:
    if host is None or isinstance(host, bytes):
        return host is None or _is_here(host.decode())
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return str(host) in NAMES


def _refuse_unless_here(address: Any) -> None:
    if isinstance(address, tuple) and not _is_here(address[0]):
        raise NetworkForbidden(f"a test tried to connect to {address[0]}")


@contextmanager
def loopback_only() -> Iterator[None]:
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_unless_here(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_unless_here(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not _is_here(host):
            raise NetworkForbidden(f"a test tried to look up {host}")
        return look_up(host, *rest, **named)

    socket.socket.connect, socket.socket.connect_ex = guarded_connect, guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]
        socket.getaddrinfo = look_up
