"""Keeping what was said after an hour, memos of ruptures, and licensed forms."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from rapport.clinical.alliance.forms import alliance_form, score_form
from rapport.clinical.alliance.ruptures import RuptureKind
from rapport.clinical.alliance.sliders import Slider, check_slider
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.alliance.choices import (
    WORDING,
    MemoMoved,
    NothingSaid,
    NotOpen,
    RuptureMemo,
    Said,
    TooLong,
    Way,
    WordingRefused,
    WordsKind,
)
from rapport.practice.alliance.models import (
    ANSWERS_LABEL,
    MEMO_LABEL,
    TAP_LABEL,
    WORDING_LABEL,
    WORDS_LABEL,
    FormAnswer,
    FormWording,
    HourWords,
    Rupture,
    RuptureEntry,
    Tap,
)
from rapport.practice.alliance.rules import (
    check_memo,
    check_value,
    has_begun,
    memo_as_data,
    open_at_desk,
    open_for_client,
    own_ruptures,
    saying,
    tidy,
    within_reach,
)
from rapport.practice.foundation.models import own_id
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules import sessions_in_care

__all__ = [
    "MemoMoved",
    "NotOpen",
    "NothingSaid",
    "TooLong",
    "WordingRefused",
    "answer_form",
    "bring_wording",
    "note_rupture",
    "say_after_hour",
    "say_in_words",
    "write_rupture",
]

QUESTIONS = frozenset([*Slider, *Freely])


@action
def say_after_hour(
    *, actor: Actor, at: datetime, session_id: UUID, answers: Mapping[str, int], way: Way = Way.PORTAL
) -> None:
    """Keep one or more answers, 0 to 10. A question that is not among them was skipped; the last answer counts."""
    session, way = _hour(actor, at, session_id, way)
    if not answers:
        raise NothingSaid("There is no answer to keep.")
    if not set(answers) <= QUESTIONS:
        raise OutOfRange("question", "There is no such question.", "Open the page again.")
    drawer = keys.client(session.episode.client_id)
    rows = []
    for question, value in answers.items():
        tap_id = uuid.uuid4()
        sealed = keys.seal_data(drawer, TAP_LABEL, tap_id, check_slider(value))
        rows.append(
            Tap(
                id=tap_id,
                session=session,
                question=question,
                wording=WORDING,
                value_sealed=sealed,
                way=way,
                recorded_at=at,
                recorded_by=actor.account,
            )
        )
    Tap.objects.bulk_create(rows)
    _record(actor, at, "say", "alliance", session.id, session.episode.client_id)


@action
def say_in_words(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    said: Mapping[WordsKind, Said],
    way: Way = Way.PORTAL,
) -> None:
    """Keep a client's words about an hour. Said again they replace the last ones; said empty they take them back."""
    session, way = _hour(actor, at, session_id, way)
    if not said:
        raise NothingSaid("There are no words to keep.")
    drawer = keys.client(session.episode.client_id)
    rows = []
    for kind, words in said.items():
        words_id = uuid.uuid4()
        kept = {"text": tidy(words.text), "value": check_value(words.value)}
        rows.append(
            HourWords(
                id=words_id,
                session=session,
                kind=kind,
                said_sealed=keys.seal_data(drawer, WORDS_LABEL, words_id, kept),
                eyes_only=words.eyes_only,
                way=way,
                recorded_at=at,
                recorded_by=actor.account,
            )
        )
    HourWords.objects.bulk_create(rows)
    _record(actor, at, "say", "alliance", session.id, session.episode.client_id)


@action
def note_rupture(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    kind: RuptureKind,
    minute: int | None = None,
    key: UUID | None = None,
) -> UUID:
    """Begin a memo: which hour, and whether it was a moving away or a moving against. The rest can wait.

    `key` makes a repeated request the same memo.
    """
    session = sessions_in_care(actor, at).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "create", Thing("rupture", author=actor.id), at=at)
    client_id = session.episode.client_id
    require(actor, "create", Thing("rupture", client=client_id, author=actor.id), at=at)
    memo_id = own_id(session.id, key)
    if key and Rupture.objects.filter(id=memo_id, author_id=actor.account, session=session).exists():
        return memo_id
    memo = check_memo(RuptureMemo(kind=kind, minute=minute))
    row = Rupture.objects.create(
        id=memo_id, author_id=actor.account, episode=session.episode, session=session, noted_at=at
    )
    _keep_memo(row, 1, at, memo)
    _record(actor, at, "create", "rupture", row.id, client_id, private_to=actor.account)
    return row.id


@action
def write_rupture(*, actor: Actor, at: datetime, rupture_id: UUID, version: int, memo: RuptureMemo) -> int:
    """Write the memo anew if it was not written elsewhere since `version`; return the new version.

    The same words once more are the same entry.
    """
    row = own_ruptures(actor, at).filter(id=rupture_id).first()
    if row is None:
        raise not_found(actor, "edit", Thing("rupture", id=rupture_id), at=at)
    client_id = row.episode.client_id
    require(actor, "edit", Thing("rupture", id=row.id, client=client_id, author=row.author_id), at=at)
    latest = row.entries.order_by("-number").first()
    if latest and latest.number != version:
        drawer = keys.process_note(row.author_id, client_id)
        if keys.unseal_data(drawer, MEMO_LABEL, latest.id, latest.memo_sealed) == memo_as_data(check_memo(memo)):
            return latest.number
        raise MemoMoved("This memo was written elsewhere meanwhile.")
    try:
        with transaction.atomic():
            _keep_memo(row, version + 1, at, check_memo(memo))
    except IntegrityError:
        raise MemoMoved("This memo was written elsewhere meanwhile.") from None
    _record(actor, at, "edit", "rupture", row.id, client_id, private_to=row.author_id)
    return version + 1


@action
def answer_form(*, actor: Actor, at: datetime, session_id: UUID, form: str, answers: Mapping[int, int | None]) -> None:
    """Type in a licensed form that the client answered on paper, item by item. Entered again, the last one counts."""
    session = sessions_in_care(actor, at).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "record", Thing("alliance", id=session_id), at=at)
    client_id = session.episode.client_id
    require(actor, "record", Thing("alliance", client=client_id), at=at)
    skeleton = alliance_form(form)
    score_form(skeleton, answers)
    given = {str(number): value for number, value in answers.items() if value is not None}
    if not given:
        raise NothingSaid("There is no answer to keep.")
    if not has_begun(session, at):
        raise NotOpen("The hour has not begun yet.")
    row_id = uuid.uuid4()
    FormAnswer.objects.create(
        id=row_id,
        session=session,
        form=skeleton.id,
        answers_sealed=keys.seal_data(keys.client(client_id), ANSWERS_LABEL, row_id, given),
        recorded_at=at,
        recorded_by=actor.account,
    )
    _record(actor, at, "answer", "alliance", row_id, client_id, reason=skeleton.id)


@action
def bring_wording(*, actor: Actor, at: datetime, form: str, items: Sequence[str], permission: str) -> None:
    """Keep the text of a licensed form that this practice may use, with the permission it has."""
    require(actor, "create", Thing("alliance_form"), at=at)
    skeleton = alliance_form(form)
    texts = [tidy(item) for item in items if item.strip()]
    if len(texts) != skeleton.items:
        raise WordingRefused(f"{skeleton.title} has {skeleton.items} items, one a line.")
    if not permission.strip():
        raise WordingRefused("Say by whose permission this wording is used.")
    row_id = uuid.uuid4()
    wording = {"items": texts, "permission": tidy(permission)}
    FormWording.objects.create(
        id=row_id,
        form=skeleton.id,
        wording_sealed=keys.seal_data(keys.practice(), WORDING_LABEL, row_id, wording),
        added_at=at,
        added_by=actor.account,
    )
    _record(actor, at, "create", "alliance_form", row_id, None, reason=skeleton.id)


def _hour(actor: Actor, at: datetime, session_id: UUID, way: Way) -> tuple[TherapySession, Way]:
    """The hour, if this person can say something about it now, and how it comes in."""
    session, function = within_reach(actor, at).filter(id=session_id).first(), saying(actor)
    if session is None:
        raise not_found(actor, function, Thing("alliance", id=session_id), at=at)
    require(actor, function, Thing("alliance", id=session_id, client=session.episode.client_id), at=at)
    if not (open_for_client if actor.client_id else open_at_desk)(session, at):
        raise NotOpen("This is asked when the hour ends, and for a while after it.")
    if actor.client_id:
        return session, Way.PORTAL
    return session, Way.HANDED if way is Way.HANDED else Way.SPOKEN


def _keep_memo(row: Rupture, number: int, at: datetime, memo: RuptureMemo) -> None:
    entry_id = uuid.uuid4()
    drawer = keys.process_note(row.author_id, row.episode.client_id)
    sealed = keys.seal_data(drawer, MEMO_LABEL, entry_id, memo_as_data(memo))
    RuptureEntry.objects.create(id=entry_id, rupture=row, number=number, memo_sealed=sealed, written_at=at)


def _record(
    actor: Actor,
    at: datetime,
    name: str,
    kind: str,
    row: UUID,
    client_id: UUID | None,
    *,
    private_to: UUID | None = None,
    reason: str = "",
) -> None:
    trail.record(
        actor=actor, action=name, object_type=kind, object_id=row, client=client_id, at=at, private_to=private_to,
        reason=reason,
    )  # fmt: skip
