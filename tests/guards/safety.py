"""What every answer carries, whatever it answers: headers, cookies, and no word to any other origin."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Protocol

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
POLICY = ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'")
NOT_IN_POLICY = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")
# What the browser fetches by itself, and where it sends a form. A link somebody has to click is not among it.
FETCHED = re.compile(
    rb"<(?!a\b)[a-z-]+\b[^>]*?\s(?:src|href|srcset|action|formaction|poster|data|ping)=[\"'](?:[a-z]+:)?//", re.I
)
INLINE = re.compile(
    rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<style\b|\sstyle=\"|\son[a-z]+=\"", re.I
)


class Heard(Protocol):
    """An answer as somebody received it."""

    status: int
    body: bytes
    headers: dict[str, str]


def unsafe(answer: Heard, *, static: bool = False) -> list[str]:
    """What is missing from an answer, or should not be in it."""
    wanted = {name: value for name, value in HEADERS.items() if not (static and name == "Cache-Control")}
    faults = [f"no {name}: {value}" for name, value in wanted.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    faults += [f"policy without {part}" for part in POLICY if part not in policy]
    faults += [f"policy with {part}" for part in NOT_IN_POLICY if part in policy.split() or f"'{part}'" in policy]
    faults += [f"{name} is told" for name in ("Server", "X-Powered-By") if name in answer.headers]
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        faults += [f"fetches {found[0][:80]!r}" for found in [FETCHED.search(answer.body)] if found]
        faults += [f"inline {found[0][:80]!r}" for found in [INLINE.search(answer.body)] if found]
    return faults + _cookies(answer.headers.get("Set-Cookie", ""))


def _cookies(line: str) -> list[str]:
    jar: SimpleCookie = SimpleCookie()
    for one in line.splitlines():
        jar.load(one.removeprefix("Set-Cookie: "))
    faults = []
    for name, morsel in jar.items():
        if not morsel["httponly"] and name != "messages" and morsel.value:
            faults.append(f"cookie {name} can be read by scripts")
        if morsel["samesite"] not in ("Lax", "Strict"):
            faults.append(f"cookie {name} is sent across sites")
        if morsel["domain"] or morsel["path"] != "/":
            faults.append(f"cookie {name} reaches further than this house")
    return faults
