"""Bringing courses from a spreadsheet: all of it or nothing, and the same file twice changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from rapport.clinical.exchange.table import read_table
from rapport.practice.clients.actions import register_client
from rapport.practice.episodes.actions import bring_episode
from rapport.practice.measures.actions import BroughtTotal, add_instrument, bring_totals
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import ImportDone, ImportPlan
from rapport.practice.outcomes.models import BroughtClient, BroughtHour, BroughtRow, ImportBatch, StagedImport
from rapport.practice.outcomes.queries.importing import (
    ATTENDANCE,
    CONTENT_LABEL,
    NewRows,
    Reconciled,
    reconciled,
    staged_content,
)
from rapport.practice.outcomes.rules import ImportRefused, content_hash, measure_id, name_hash, place_hash, value_hash
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

NOON = time(12)


@action
def stage_import(*, actor: Actor, at: datetime, content: bytes) -> UUID:
    """Keep an uploaded file, sealed for its uploader, until its columns are named. An unreadable one is not kept."""
    require(actor, "create", Thing("import"), at=at)
    read_table(content)
    StagedImport.objects.filter(author_id=actor.account).delete()
    row_id = uuid.uuid4()
    sealed = keys.seal_bytes(keys.author(actor.account), CONTENT_LABEL, row_id, content)
    StagedImport.objects.create(id=row_id, author_id=actor.account, content_sealed=sealed, staged_at=at)
    _record(actor, at, "stage", row_id, "")
    return row_id


@action
def discard_staged(*, actor: Actor, at: datetime) -> None:
    """Drop one's own staged files."""
    require(actor, "create", Thing("import"), at=at)
    StagedImport.objects.filter(author_id=actor.account).delete()


@action
def import_courses(
    *, actor: Actor, at: datetime, plan: ImportPlan, staged_id: UUID | None = None, content: bytes = b""
) -> ImportDone:
    """Bring a file's courses to a therapist. With one mistake in it nothing is brought."""
    require(actor, "create", Thing("import"), at=at)
    raw = content if staged_id is None else staged_content(viewer=actor, at=at, staged_id=staged_id)
    list(
        Account.objects.select_for_update(no_key=True).filter(id=plan.therapist_id)
    )  # one import for a therapist at a time
    found = reconciled(viewer=actor, at=at, table=read_table(raw), plan=plan)
    if found.problems:
        raise ImportRefused(found.problems)
    done = _bring(actor, at, plan, raw, found)
    StagedImport.objects.filter(author_id=actor.account).delete()
    return done


def _bring(actor: Actor, at: datetime, plan: ImportPlan, raw: bytes, found: Reconciled) -> ImportDone:
    new = [each for each in found.courses if each.known is None or each.scores or each.hours]
    clients = sum(each.known is None for each in new)
    scores, hours = sum(len(each.scores) for each in new), sum(len(each.hours) for each in new)
    if not new:
        return ImportDone(0, 0, 0, found.known_before)
    if plan.new_measure is not None:
        add_instrument(actor=actor, at=at, measure=plan.new_measure)
    batch = ImportBatch.objects.create(
        therapist_id=plan.therapist_id,
        content_hash=content_hash(raw),
        at=at,
        by=actor.account,
        clients=clients,
        scores=scores,
        hours=hours,
    )
    carrier = _Carrier(actor, at, plan, batch, practice_zone())
    for each in new:
        carrier.carry(each)
    BroughtRow.objects.bulk_create(carrier.rows)
    _record(actor, at, "import", batch.id, f"{clients} clients, {scores} scores, {hours} hours")
    return ImportDone(clients, scores, hours, found.known_before, batch.id)


@dataclass(slots=True)
class _Carrier:
    """Brings one client after the other."""

    actor: Actor
    at: datetime
    plan: ImportPlan
    batch: ImportBatch
    zone: ZoneInfo
    rows: list[BroughtRow] = field(default_factory=list)

    def carry(self, new: NewRows) -> None:
        course = new.known or self._open(new)
        for measure in dict.fromkeys(score.measure for score in new.scores):
            bring_totals(
                actor=self.actor,
                at=self.at,
                episode_id=course.episode_id,
                instrument_id=measure_id(self.plan, measure),
                totals=[BroughtTotal(each.on, each.value) for each in new.scores if each.measure == measure],
            )
        BroughtHour.objects.bulk_create(
            BroughtHour(episode_id=course.episode_id, day=hour.on, attendance=hour.attendance, batch=self.batch)
            for hour in new.hours
        )
        self.rows.extend(self._remembered(new, course.client_id))

    def _open(self, new: NewRows) -> BroughtClient:
        client = new.rows.client
        called = new.rows.name or _("Client %(id)s") % {"id": client}
        client_id = register_client(actor=self.actor, at=self.at, name=called)
        began = new.rows.began or self.at.astimezone(self.zone).date()
        episode_id = bring_episode(
            actor=self.actor,
            at=self.at,
            client_id=client_id,
            therapist_id=self.plan.therapist_id,
            began=min(datetime.combine(began, NOON, self.zone), self.at),
        )
        return BroughtClient.objects.create(
            name_hash=name_hash(self.plan.therapist_id, client),
            client_id=client_id,
            episode_id=episode_id,
            batch=self.batch,
        )

    def _remembered(self, new: NewRows, client_id: UUID) -> Iterator[BroughtRow]:
        cells: list[tuple[str, date, float | str]] = [
            *((measure_id(self.plan, each.measure), each.on, each.value) for each in new.scores),
            *((ATTENDANCE, each.on, str(each.attendance)) for each in new.hours),
        ]
        for what, on, value in cells:
            place = place_hash(self.plan.therapist_id, new.rows.client, what, on)
            yield BroughtRow(
                place_hash=place, value_hash=value_hash(place, value), client_id=client_id, batch=self.batch
            )


def _record(actor: Actor, at: datetime, what: str, object_id: UUID, reason: str) -> None:
    trail.record(actor=actor, action=what, object_type="import", object_id=object_id, at=at, reason=reason)
