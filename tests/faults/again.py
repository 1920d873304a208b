"""The record read again after a fault: what was said is there, nothing is half done, every key that is used exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Q
from tests.factories.people import AT
from tests.faults.ground import Ground
from tests.faults.work import FOLDER, Fact, Work

from rapport.config.operations.sealed_stream import open_stream
from rapport.practice.measures.models import Answer
from rapport.practice.security.audit.verify import verify
from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys import compartments
from rapport.practice.security.keys.models import CompartmentKey
from rapport.practice.security.keys.root import read_root_key
from rapport.practice.sessions.models import NoteDraft, ProgressNote
from rapport.practice.sessions.models.notes import DRAFT_LABEL
from rapport.practice.sessions.queries import note as note_of


def lost(told: Iterable[Fact]) -> Iterator[str]:
    """What was said and is not there."""
    for label, found in told:
        if label == FOLDER:
            if not Path(found).is_dir():
                yield f"lost: {found}"
        elif not apps.get_model(label).objects.filter(**found).exists():
            yield f"lost: {label} {found}"


def halves(work: Work) -> Iterator[str]:
    """Numbers of one kind of work that do not agree: a change without its event, an answer without its alert …"""
    for count in work.counts:
        found = count()
        if len(set(found.values())) > 1:
            yield f"half done: {count.__name__} {found}"


def unanswered() -> Iterator[str]:
    """Answers that need a person and that nobody was told of."""
    for answer in Answer.objects.filter(Q(item="9"), Q(led_to=None) | Q(led_to__alert_id=None)):
        yield f"answer without alert: {answer.id}"


def orphans() -> Iterator[str]:
    """Sealed words whose key does not exist, and keys that no longer open."""
    known = set(CompartmentKey.objects.values_list("id", flat=True))
    for model in apps.get_models():
        sealed = [field.name for field in model._meta.fields if field.name.endswith("_sealed")]
        for row in model.objects.values("pk", *sealed) if sealed else ():
            for field in sealed:
                if row[field] and not key_ids(bytes(row[field])) <= known:
                    yield f"sealed with a key that does not exist: {model._meta.label} {row['pk']} {field}"
    compartments.forget_keys()
    for kind, subject in CompartmentKey.objects.values_list("kind", "subject").distinct():
        try:
            compartments.opened(kind, subject)
        except Exception as error:
            yield f"key that does not open: {kind} {subject} ({error!r})"


def key_ids(seal: bytes) -> set[UUID]:
    """The keys a seal names: version, how many, their ids."""
    return {UUID(bytes=seal[2 + 16 * place : 18 + 16 * place]) for place in range(seal[1])}


def unreadable(ground: Ground) -> Iterator[str]:
    """Notes whose words are not those of their version, or not those that were signed."""
    for row in ProgressNote.objects.select_related("episode").filter(author_id=ground.therapist.account):
        facts = note_of(viewer=ground.therapist, at=AT, note_id=row.id)
        version = row.version - (row.state == "signed")
        if version > 1 and facts.sections != {"text": f"version {version}"}:
            yield f"half done: note {row.id} at version {row.version} says {facts.sections}"
        if not facts.is_intact:
            yield f"half done: note {row.id} is not what was signed"
    for draft in NoteDraft.objects.select_related("note__episode"):
        drawer = keys.client(draft.note.episode.client_id)
        kept = keys.unseal_data(drawer, DRAFT_LABEL, draft.id, draft.text_sealed)
        if kept != {"text": f"typed {draft.client_seq}"}:
            yield f"half done: kept text {draft.client_seq} says {kept}"


def bad_backups(ground: Ground) -> Iterator[str]:
    """Backups that have their name and do not open to their end."""
    root = read_root_key(ground.installation.root_key_file)
    for folder in ground.backups.glob("rapport-*"):
        for part in ("record.sealed", "keys.sealed"):
            try:
                with (folder / part).open("rb") as sealed:
                    size = sum(map(len, open_stream(sealed, root)))
            except Exception as error:
                yield f"bad backup: {folder.name}/{part} ({error!r})"
                continue
            if not size:
                yield f"bad backup: {folder.name}/{part} is empty"


def broken(ground: Ground) -> Iterator[str]:
    """What the databases and the trail say of themselves."""
    for connection in connections.all():
        with connection.cursor() as cursor:
            for check in ("integrity_check", "foreign_key_check"):
                rows = [row for row in cursor.execute(f"PRAGMA {check}").fetchall() if row != ("ok",)]
                yield from (f"{connection.alias} {check}: {row}" for row in rows)
    anchor = ground.installation.vault / "audit-anchor.txt"
    if finding := verify(anchor.read_text(encoding="utf-8") if anchor.exists() else None).finding:
        yield f"trail: {finding}"


def everything(ground: Ground, works: Iterable[Work], told: list[Any]) -> list[str]:
    """All of it."""
    closed = list(orphans())
    words = [] if closed else unreadable(ground)  # without their keys there is nothing to read
    found = [*broken(ground), *lost(told), *unanswered(), *closed, *words, *bad_backups(ground)]
    return found + [half for work in works for half in halves(work)]
