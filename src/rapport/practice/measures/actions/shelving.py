"""What a practice may ask with: packs whose terms it accepted, measures, forms and wording it brought itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.fhir import read_questionnaire, with_marks
from rapport.clinical.measures.norms import CustomMeasure, Direction
from rapport.clinical.measures.own_text import Wording, with_wording
from rapport.clinical.measures.registry import available_packs, load_instrument
from rapport.practice.measures.choices import LocalKind
from rapport.practice.measures.models import InstalledPack, LocalInstrument
from rapport.practice.measures.rules.instruments import own_key
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

LONGEST_LICENCE = 500


class NoSuchPack(Exception):
    """No content pack of this name came with the installation."""


class NotAttested(ClinicalError):
    """Nobody said by which right the wording is used."""

    code = "not_attested"


class AlreadyHere(ClinicalError):
    """A measure of this name is on the shelf, and what was answered with it must stay readable."""

    code = "already_here"


@action
def install_pack(*, actor: Actor, at: datetime, pack: str) -> None:
    """Accept the terms of a content pack for this practice."""
    require(actor, "create", Thing("instrument"), at=at)
    if pack not in available_packs():
        raise NoSuchPack("No such pack came with this installation.")
    row, _ = InstalledPack.objects.get_or_create(
        pack=pack, defaults={"installed_at": at, "installed_by": actor.account}
    )
    _record(actor, at, "install", row.id, pack)


@action
def add_instrument(*, actor: Actor, at: datetime, measure: CustomMeasure) -> str:
    """Keep a measure by its total only, with the norms that were typed in. The same name is the same."""
    require(actor, "create", Thing("instrument"), at=at)
    key = own_key(measure.id)
    norms = measure.norms
    row, _ = LocalInstrument.objects.get_or_create(
        key=key,
        defaults={
            "title": measure.title.strip()[:120],
            "low": norms.low,
            "high": norms.high,
            "direction": norms.direction.value,
            "reliability": norms.reliability,
            "clinical_mean": norms.clinical_mean,
            "clinical_sd": norms.clinical_sd,
            "functional_mean": norms.functional_mean,
            "functional_sd": norms.functional_sd,
            "cut": norms.cut,
            "source": norms.source[:300],
            "version": measure.version,
            "added_at": at,
            "added_by": actor.account,
        },
    )
    _record(actor, at, "create", row.id, key)
    return key


@action
def import_form(
    *, actor: Actor, at: datetime, raw: str, direction: Direction, licence: str, needs_person: Mapping[str, int]
) -> str:
    """Take a FHIR Questionnaire as a form of this practice. It is never changed: another version has another name.

    `needs_person` holds for each question about suicide, self-harm or danger, by its link, the answer from which on a
    person must look; questions known by their LOINC code need no mark.
    """
    require(actor, "create", Thing("instrument"), at=at)
    marked = with_marks(raw, needs_person)
    found = read_questionnaire(marked, id="own.form", direction=direction, licence=_attested(licence)).instrument
    return _bring(
        actor,
        at,
        key=own_key(found.title),
        kind=LocalKind.FORM,
        title=found.title,
        content=marked,
        licence=licence,
        low=found.low,
        high=found.high,
        direction=direction,
        version=found.version,
        source=found.source,
    )


@action
def bring_wording(*, actor: Actor, at: datetime, instrument_id: str, wording: Wording, licence: str) -> str:
    """Put the wording this practice holds a licence for onto a skeleton."""
    require(actor, "create", Thing("instrument"), at=at)
    found = with_wording(load_instrument(instrument_id), wording)
    said = {"stem": wording.stem, "items": wording.items, "answers": wording.answers}
    return _bring(
        actor,
        at,
        key=found.id,
        kind=LocalKind.WORDING,
        title=found.title,
        content=json.dumps(said),
        licence=_attested(licence),
        low=found.low,
        high=found.high,
        direction=found.direction,
        version=found.version,
        source=found.source,
    )


def _attested(licence: str) -> str:
    if not licence.strip():
        raise NotAttested("licence", "It is not said by which right this wording is used.", "Name the licence.")
    return licence.strip()[:LONGEST_LICENCE]


def _bring(
    actor: Actor,
    at: datetime,
    *,
    key: str,
    kind: LocalKind,
    title: str,
    content: str,
    licence: str,
    low: float,
    high: float,
    direction: Direction,
    version: str,
    source: str,
) -> str:
    row, new = LocalInstrument.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title[:120],
            "content": content,
            "licence": licence.strip()[:LONGEST_LICENCE],
            "low": low,
            "high": high,
            "direction": direction.value,
            "version": version,
            "source": source[:300],
            "added_at": at,
            "added_by": actor.account,
        },
    )
    if not new:
        raise AlreadyHere("title", f"“{row.title}” is on the shelf already.", "Give the new version another title.")
    _record(actor, at, "import" if kind is LocalKind.FORM else "attest", row.id, f"{key}: {licence.strip()}"[:200])
    return key


def _record(actor: Actor, at: datetime, what: str, row: UUID, reason: str) -> None:
    trail.record(actor=actor, action=what, object_type="instrument", object_id=row, client=None, at=at, reason=reason)
