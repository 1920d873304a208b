"""Reading endings, letters and results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from rapport.clinical.endings.kinds import EndingKind
from rapport.clinical.outcomes.course import CourseCode
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.sessions.attendance import CAME
from rapport.practice.clients.queries import names
from rapport.practice.endings.choices import (
    EndingDetails,
    EndingEvent,
    EndingFacts,
    FinalMeasures,
    LetterFacts,
    NegativeEffects,
    RecordedResult,
    RiskCheck,
)
from rapport.practice.endings.models import Closing, EndingVersion, FinalRiskCheck, Letter
from rapport.practice.endings.rules import missing_from
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import NO_ACCOUNT, care_of, find_episode
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.queries import sessions_of

CONTENT_LABEL = "endings.ending.content"
RISK_LABEL = "endings.risk_check.words"
LETTER_LABEL = "endings.letter.text"
RESULT_LABEL = "endings.closing.result"


def ending(*, viewer: Actor, at: datetime, episode_id: UUID) -> EndingFacts:
    """Where the ending of a course stands, for its therapist."""
    row = find_episode(viewer, at, episode_id, "ending", "edit")
    trail.reading(actor=viewer, kind="ending", at=at, client=row.client_id, object_id=row.id)
    version = EndingVersion.objects.filter(episode=row).order_by("-number").first()
    check = FinalRiskCheck.objects.filter(episode=row).order_by("-at").first()
    letter = Letter.objects.select_related("episode").filter(episode=row).order_by("-number").first()
    closing = Closing.objects.filter(episode=row).first()
    details = _details(version, row.client_id) if version else None
    announced = details.announced_on if details else None
    return EndingFacts(
        episode_id=row.id,
        client_id=row.client_id,
        details=details,
        saved_at=version.at if version else None,
        sessions_since_announced=_held_since(viewer, at, row, announced) if announced else None,
        risk_check=_risk_check(check, row.client_id) if check else None,
        letter=_letters(viewer, at, [letter])[0] if letter else None,
        missing=missing_from(details, has_risk_check=check is not None),
        result=_result(closing, row.client_id) if closing else None,
        is_open=row.closed_at is None,
    )


def letter(*, viewer: Actor, at: datetime, letter_id: UUID) -> LetterFacts:
    """A letter, for whoever cares for the client."""
    in_care = care_of(viewer, at).values("client")
    row = Letter.objects.select_related("episode").filter(id=letter_id, episode__client__in=in_care).first()
    if row is None:
        raise not_found(viewer, "read", Thing("letter", id=letter_id), at=at)
    require(viewer, "read", Thing("letter", id=row.id, client=row.episode.client_id), at=at)
    trail.reading(actor=viewer, kind="letter", at=at, client=row.episode.client_id, object_id=row.id)
    return _letters(viewer, at, [row])[0]


def own_letters(*, viewer: Actor, at: datetime) -> tuple[LetterFacts, ...]:
    """The letters a client was given, newest first."""
    require(viewer, "read", Thing("letter", client=viewer.client_id, released=True), at=at)
    own = Letter.objects.select_related("episode").filter(
        episode__client_id=viewer.client_id or NO_ACCOUNT, released_at__isnull=False
    )
    trail.reading(actor=viewer, kind="letter", at=at, client=viewer.client_id)
    return tuple(_letters(viewer, at, list(own.order_by("-released_at"))))


def has_letter(*, viewer: Actor, at: datetime) -> bool:
    """Whether a client was given a letter, without opening it."""
    require(viewer, "read", Thing("letter", client=viewer.client_id, released=True), at=at)
    given = Letter.objects.filter(episode__client_id=viewer.client_id or NO_ACCOUNT, released_at__isnull=False)
    return given.exists()


def own_letter(*, viewer: Actor, at: datetime, letter_id: UUID) -> LetterFacts:
    """One letter the client was given."""
    found = next((each for each in own_letters(viewer=viewer, at=at) if each.id == letter_id), None)
    if found is None:
        raise not_found(viewer, "read", Thing("letter", id=letter_id), at=at)
    return found


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """What happened while a course ended, as dates and codes. Whoever shows them records the reading."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    versions = EndingVersion.objects.filter(episode=row).values_list("at", "kind", "number")
    checks = FinalRiskCheck.objects.filter(episode=row).values_list("at", flat=True)
    letters = list(Letter.objects.filter(episode=row).values_list("written_at", "released_at"))
    return (
        *(Happened(when, EndingEvent.ENDING_RECORDED, kind, number=number) for when, kind, number in versions),
        *(Happened(when, EndingEvent.SAFETY_LOOKED_AT) for when in checks),
        *(Happened(written, EndingEvent.LETTER_WRITTEN) for written, _given in letters),
        *(Happened(given, EndingEvent.LETTER_GIVEN) for _written, given in letters if given is not None),
    )


def _held_since(viewer: Actor, at: datetime, row: Episode, announced: date) -> int:
    zone = practice_zone()
    hours = sessions_of(viewer=viewer, at=at, episode_id=row.id)
    return sum(h.attendance in CAME and h.planned_start.astimezone(zone).date() > announced for h in hours)


def _details(row: EndingVersion, client_id: UUID) -> EndingDetails:
    kept: dict[str, Any] = keys.unseal_data(keys.client(client_id), CONTENT_LABEL, row.id, row.content_sealed)
    announced = kept.pop("announced_on")
    return EndingDetails(
        kind=EndingKind(row.kind),
        announced_on=date.fromisoformat(announced) if announced else None,
        negative_effects=NegativeEffects(kept.pop("negative_effects")),
        final_measures=FinalMeasures(kept.pop("final_measures")),
        **kept,
    )


def _risk_check(row: FinalRiskCheck, client_id: UUID) -> RiskCheck:
    words = keys.unseal(keys.client(client_id), RISK_LABEL, row.id, row.words_sealed)
    return RiskCheck(row.at, row.by, words, row.has_plan)


def _letters(viewer: Actor, at: datetime, rows: list[Letter]) -> list[LetterFacts]:
    called = names(viewer=viewer, at=at, client_ids=[row.episode.client_id for row in rows])
    return [
        LetterFacts(
            id=row.id,
            episode_id=row.episode_id,
            client_id=row.episode.client_id,
            client_name=called.get(row.episode.client_id, ""),
            number=row.number,
            text=keys.unseal(keys.client(row.episode.client_id), LETTER_LABEL, row.id, row.text_sealed),
            written_at=row.written_at,
            written_by=row.written_by,
            released_at=row.released_at,
        )
        for row in rows
    ]


def _result(row: Closing, client_id: UUID) -> RecordedResult:
    kept: dict[str, Any] = keys.unseal_data(keys.client(client_id), RESULT_LABEL, row.id, row.result_sealed)
    return RecordedResult(
        at=row.at,
        by=row.by,
        outcome=ChangeClass(kept["outcome"]) if kept["outcome"] else None,
        code=CourseCode(kept["code"]),
        basis=kept["basis"],
        measures=tuple(kept["measures"]),
        reason=kept["reason"],
    )
