"""Visiting addresses as somebody, leaving no trace, and what an answer may hold."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, connections, transaction
from django.http import HttpResponseBase
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from fido2.cose import CoseKey
from fido2.webauthn import Aaguid, AttestedCredentialData
from pypdf import PdfReader
from tests.factories.people import signed_in
from tests.factories.world import CANARY, NOW, Grade, Someone, World

from rapport.practice.outcomes.actions import stage_import
from rapport.practice.security.accounts.models import Account, Passkey, SignInSession
from rapport.practice.security.accounts.queries.accounts import compartment_of
from rapport.practice.security.accounts.queries.own import PASSKEY_NAME_LABEL
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.security.policy.actor import NOBODY, Actor, Role

TOKEN = re.compile(rf"{CANARY}-(?:own|other)-[a-z_-]+", re.IGNORECASE)
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
UUIDS = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WRITES = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM|REPLACE INTO) "(\w+)"')
WITH_DATA = ("GET", "HEAD", "POST")
# Reading leaves a trace, and a visit keeps a sign-in alive: neither changes the record.
TRACES = ("audit_", "accounts_signinsession", "accounts_trycounter")


@dataclass(slots=True)
class Visitor:
    """Somebody at the door: what they may read of whom."""

    name: str
    actor: Actor
    browser: Browser
    grades: dict[str, frozenset[Grade]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)

    def may_read(self, token: str, world: World) -> bool:
        someone = world.own if f"{CANARY}-own-".lower() in token.lower() else world.other
        grades = {known.lower(): grade for known, grade in someone.canaries.items()}
        # A token may be followed by more of the word it stands in (an address, a plural).
        found = max((known for known in grades if token.lower().startswith(known)), key=len, default="")
        return bool(found) and grades[found] in self.grades.get(someone.tag, frozenset())


@dataclass(slots=True)
class Answer:
    """What came back, and what the visit did."""

    status: int
    body: bytes
    headers: dict[str, str]
    denials: int
    statements: int
    touched: frozenset[str]

    @property
    def changed(self) -> bool:
        return bool(self.touched)

    @property
    def said(self) -> tuple[int, bytes, dict[str, str]]:
        """The answer as the person receives it, without what is random in every answer."""
        headers = {n: v for n, v in self.headers.items() if n not in {"Set-Cookie", "Location", "Content-Length"}}
        return self.status, UUIDS.sub(b"", CSRF.sub(b"", self.body)), headers

    def tokens(self) -> set[str]:
        text = self.body
        if text and self.headers.get("Content-Type") == "application/pdf":
            text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(text)).pages).encode()
        whole = text.decode(errors="replace") + repr(self.headers)
        return set(TOKEN.findall(whole))


EVERYTHING = frozenset(Grade) - {Grade.OWN}
IN_CARE = EVERYTHING - {Grade.AUTHOR}
ONES_OWN = frozenset({Grade.PERSON, Grade.SHARED, Grade.OWN})
OFFICE = frozenset({Grade.PERSON})


def visitors(world: World) -> dict[str, Visitor]:
    """Nobody, and one browser for each person of the world."""
    own, other = world.own.account, world.other.account
    assert own is not None
    assert other is not None
    people: dict[str, tuple[Actor, dict[str, frozenset[Grade]]]] = {
        "own client": (own, {"own": ONES_OWN}),
        "other client": (other, {"other": ONES_OWN}),
        "carer": (world.carer, {"own": EVERYTHING}),
        "colleague": (world.colleague, {"own": IN_CARE}),
        "stranger": (world.stranger, {"other": EVERYTHING}),
        "manager": (world.manager, {"own": OFFICE, "other": OFFICE}),
    }
    found = {"nobody": Visitor("nobody", NOBODY, Browser(raise_request_exception=False))}
    for name, (actor, access) in people.items():
        browser = signed_in(actor)
        browser.raise_request_exception = False
        sign_in = SignInSession.objects.filter(account_id=actor.account).latest("started_at")
        own = {"sign_in_id": str(sign_in.id), "passkey_id": str(a_passkey(actor))}
        if Role.CLIENT not in actor.roles:
            tag = next((tag for tag, grades in access.items() if Grade.AUTHOR in grades), "")
            own["staged_id"] = str(stage_import(actor=actor, at=NOW, content=_a_sheet(world, tag)))
        found[name] = Visitor(name, actor, browser, access, own)
    return found


def a_passkey(actor: Actor) -> UUID:
    """A passkey of somebody's; no device stands behind it."""
    account, passkey_id = Account.objects.get(id=actor.account), uuid4()
    Passkey.objects.create(
        id=passkey_id,
        account=account,
        credential_id=passkey_id.bytes,
        credential=_public_half(passkey_id),
        sign_count=0,
        name_sealed=keys.seal(compartment_of(account), PASSKEY_NAME_LABEL, passkey_id, "A key ring"),
        made_at=account.created_at,
    )
    return passkey_id


def _public_half(passkey_id: UUID) -> bytes:
    point = {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}
    return bytes(AttestedCredentialData.create(Aaguid.NONE, passkey_id.bytes, CoseKey.parse(point)))


def _a_sheet(world: World, tag: str) -> bytes:
    """A spreadsheet its owner has not brought in yet."""
    someone = {"own": world.own, "other": world.other}.get(tag)
    name = someone.say("staged", Grade.AUTHOR) if someone else "Nobody Yet"
    return f"client,date,total\n{name},2026-02-02,20\n".encode()


@contextmanager
def without_a_trace() -> Iterator[None]:
    """Whatever happens inside is taken back, keys included."""
    with transaction.atomic(), transaction.atomic(using="keys"):
        try:
            yield
        finally:
            transaction.set_rollback(True)
            transaction.set_rollback(True, using="keys")
    forget_keys()


def visit(visitor: Visitor, method: str, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
    """Ask, look at what happened, take it back."""
    answer = _ask(visitor, method, path, data or {}, headers, looks_close=False)
    if answer.touched:  # a statement wrote; whether anything of it stayed is worth a closer look
        answer = _ask(visitor, method, path, data or {}, headers, looks_close=True)
    return answer


def _ask(
    visitor: Visitor, method: str, path: str, data: dict[str, Any], headers: dict[str, str], *, looks_close: bool
) -> Answer:
    cookies = {name: morsel.value for name, morsel in visitor.browser.cookies.items()}
    for alias in ("default", "keys"):
        connections[alias].queries_log.clear()  # it warns when it is full
    with without_a_trace():
        before, denied = fingerprints() if looks_close else {}, _denials()
        with CaptureQueriesContext(connection) as asked, CaptureQueriesContext(connections["keys"]) as keys_asked:
            ask: Any = getattr(visitor.browser, method.lower()) if method in WITH_DATA else None
            response = (
                ask(path, data, headers=headers) if ask else visitor.browser.generic(method, path, headers=headers)
            )
            body = body_of(response)
        statements = [query["sql"] for query in (*asked, *keys_asked)]
        after = fingerprints() if looks_close else dict.fromkeys(_written(statements), "")
        answer = Answer(
            status=response.status_code,
            body=body,
            headers={**dict(response.headers), "Set-Cookie": response.cookies.output()},
            denials=_denials() - denied,
            statements=len(asked),
            touched=frozenset(name for name in after if after[name] != before.get(name)),
        )
    visitor.browser.cookies.clear()
    visitor.browser.cookies.load(cookies)
    return answer


def _written(statements: list[str]) -> set[str]:
    """The tables that some statements wrote to, traces left out."""
    found = (WRITES.match(statement) for statement in statements)
    return {match[1] for match in found if match and not match[1].startswith(TRACES)}


def body_of(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]


def _denials() -> int:
    return AuditEvent.objects.filter(decision="deny").count()


def fingerprints(mentioning: frozenset[UUID] | None = None) -> dict[str, str]:
    """Table → hash of its rows (only of those that mention some ids), traces of reading left out."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if table.startswith(TRACES):
            continue
        rows = []
        with connections["keys" if table.startswith("keys_") else "default"].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = [repr([_plain(value) for value in row]) for row in cursor.fetchall()]
        if mentioning is not None:
            wanted = {value.hex for value in mentioning}
            rows = [row for row in rows if any(value in row.replace("-", "") for value in wanted)]
        found[table] = hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
    return found


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, memoryview | bytes) else str(value)


def ids_of(someone: Someone) -> frozenset[UUID]:
    """Every id that is this client's."""
    found = {someone.client, someone.episode}
    for value in someone.ids.values():
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return frozenset(found)
