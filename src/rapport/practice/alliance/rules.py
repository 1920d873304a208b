"""When something can still be said about an hour, which hours a person reaches, and how memos are kept as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.alliance.ruptures import NoticedBy, Repaired, RuptureKind, vocabulary
from rapport.clinical.alliance.sliders import check_slider
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.states import SessionState
from rapport.practice.alliance.choices import HourTogether, RuptureMemo, Said, TooLong
from rapport.practice.alliance.models import TAP_LABEL, WORDS_LABEL, HourWords, Rupture, Tap
from rapport.practice.episodes.rules import care_of
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules import TAKES_TIME, appointments_within, sessions_in_care

CLIENT_SAYS = timedelta(hours=24)
THERAPIST_ENTERS = timedelta(days=7)
LONGEST = 4000
LAST_MINUTE = 600
LEAST_IMPACT, MOST_IMPACT = 1, 5


def open_for_client(session: TherapySession, at: datetime) -> bool:
    """From the planned end, or the end if that came sooner, until a day after it."""
    if session.state not in TAKES_TIME:
        return False
    ends = session.ended_at or session.planned_end
    return min(ends, session.planned_end) <= at <= ends + CLIENT_SAYS


def open_at_desk(session: TherapySession, at: datetime) -> bool:
    """From the moment the hour runs until a week after it: what was said may be entered after the hour."""
    if session.state not in TAKES_TIME or (session.state == SessionState.PLANNED and at < session.planned_end):
        return False
    return at <= (session.ended_at or session.planned_end) + THERAPIST_ENTERS


def has_begun(session: TherapySession, at: datetime) -> bool:
    """A paper can be typed in at any time after the hour began."""
    return (session.started_at or session.planned_start) <= at


def within_reach(actor: Actor, at: datetime) -> QuerySet[TherapySession]:
    """A client's own hours; for a therapist the hours they hold themselves, of clients in their care."""
    if actor.client_id:
        return appointments_within(actor, at).filter(episode__client=actor.client_id)
    return sessions_in_care(actor, at).filter(therapist_id=actor.id)


def reading(actor: Actor) -> str:
    """Which function of the matrix it is to read what was said: one's own, or that of a client in care."""
    return "read_own" if actor.client_id else "read"


def saying(actor: Actor) -> str:
    """Which function of the matrix it is to say something: oneself, or for a client in care."""
    return "say_own" if actor.client_id else "record"


def own_ruptures(actor: Actor, at: datetime) -> QuerySet[Rupture]:
    """The actor's own memos about clients in their care. There is no other way to these rows."""
    in_care = care_of(actor, at).values("client")
    return Rupture.objects.select_related("episode", "session").filter(author_id=actor.id, episode__client__in=in_care)


def tidy(text: str) -> str:
    """Words as they are kept."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(plain) > LONGEST:
        raise TooLong("At most 4,000 characters are kept.")
    return plain


def hours_of(viewer: Actor, sessions: Iterable[TherapySession]) -> tuple[HourTogether, ...]:
    """What was said after each of these hours, in their order. Whoever calls has asked whether they may.

    The viewer reads what is for the therapist's eyes only if they held the hour or are its client.
    """
    rows = {row.id: row for row in sessions}
    values: dict[UUID, dict[str, int]] = {key: {} for key in rows}
    words: dict[UUID, dict[str, Said]] = {key: {} for key in rows}
    ways: dict[UUID, set[str]] = {key: set() for key in rows}
    for tap in Tap.objects.filter(session__in=rows).order_by("recorded_at"):
        drawer = keys.client(rows[tap.session_id].episode.client_id)
        values[tap.session_id][tap.question] = int(keys.unseal_data(drawer, TAP_LABEL, tap.id, tap.value_sealed))
        ways[tap.session_id].add(tap.way)
    for row in HourWords.objects.filter(session__in=rows).order_by("recorded_at"):
        session = rows[row.session_id]
        client_id = session.episode.client_id
        ways[row.session_id].add(row.way)
        if row.eyes_only and viewer.id != session.therapist_id and viewer.client_id != client_id:
            words[row.session_id][row.kind] = Said("", eyes_only=True, unseen=True)
            continue
        said = keys.unseal_data(keys.client(client_id), WORDS_LABEL, row.id, row.said_sealed)
        words[row.session_id][row.kind] = Said(said["text"], said["value"], row.eyes_only)
    return tuple(
        HourTogether(key, row.started_at or row.planned_start, values[key], _given(words[key]), frozenset(ways[key]))
        for key, row in rows.items()
    )


def _given(words: dict[str, Said]) -> dict[str, Said]:
    """Words that were taken back (said again, and empty) are not there any more."""
    return {kind: said for kind, said in words.items() if said.text or said.unseen or said.value is not None}


def check_memo(memo: RuptureMemo) -> RuptureMemo:
    """A memo as it can be kept, in the words that there are."""
    markers = {term.code for term in vocabulary().markers}
    strategies = {term.code for term in vocabulary().strategies}
    if not set(memo.markers) <= markers or not set(memo.strategies) <= strategies:
        raise OutOfRange("markers", "This word is not in the list.", "Choose from the list.")
    if memo.impact is not None and not LEAST_IMPACT <= memo.impact <= MOST_IMPACT:
        raise OutOfRange("impact", "The impact goes from 1 to 5.", "Choose a number, or none.")
    if memo.minute is not None and not 0 <= memo.minute <= LAST_MINUTE:
        raise OutOfRange("minute", "This is no minute of an hour.", "Give the minute since the start, or none.")
    return memo


def memo_as_data(memo: RuptureMemo) -> dict[str, Any]:
    """A memo as it is sealed."""
    return {
        "kind": str(memo.kind),
        "noticed_by": str(memo.noticed_by),
        "minute": memo.minute,
        "markers": sorted(set(memo.markers)),
        "impact": memo.impact,
        "contribution": tidy(memo.contribution),
        "strategies": sorted(set(memo.strategies)),
        "repaired": str(memo.repaired),
        "client_view": tidy(memo.client_view),
        "follow_up_due": memo.follow_up_due.isoformat() if memo.follow_up_due else None,
    }


def memo_from(data: dict[str, Any]) -> RuptureMemo:
    """A memo as it was sealed."""
    due = data["follow_up_due"]
    return RuptureMemo(
        kind=RuptureKind(data["kind"]),
        noticed_by=NoticedBy(data["noticed_by"]),
        minute=data["minute"],
        markers=tuple(data["markers"]),
        impact=data["impact"],
        contribution=data["contribution"],
        strategies=tuple(data["strategies"]),
        repaired=Repaired(data["repaired"]),
        client_view=data["client_view"],
        follow_up_due=date.fromisoformat(due) if due else None,
    )


def check_value(value: int | None) -> int | None:
    """A number from 0 to 10, or none."""
    return None if value is None else check_slider(value)
