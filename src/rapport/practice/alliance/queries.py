"""Reading how the two work together: a client their own, a therapist that of clients in care, nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from rapport.clinical.alliance.forms import AllianceForm, UnknownForm, alliance_form, score_form
from rapport.clinical.alliance.ruptures import Repaired, RuptureState, rupture_state
from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.sessions.states import SessionState
from rapport.practice.alliance.choices import AllianceEvent, HourTogether, Open, OpenRupture, RuptureFacts, Wording
from rapport.practice.alliance.models import (
    ANSWERS_LABEL,
    MEMO_LABEL,
    WORDING_LABEL,
    FormAnswer,
    FormWording,
    Rupture,
    RuptureEntry,
    Tap,
)
from rapport.practice.alliance.rules import (
    CLIENT_SAYS,
    hours_of,
    memo_from,
    open_at_desk,
    open_for_client,
    own_ruptures,
    reading,
    within_reach,
)
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules import TAKES_TIME, sessions_in_care

LONGEST_HOUR = timedelta(hours=10)
LOOKED_BACK = 12  # hours among which somebody's own last answers are found, also when they leave some out


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """One hour as its closing page and the client's questions need it."""

    session_id: UUID
    episode_id: UUID
    client_id: UUID
    planned_start: datetime
    planned_end: datetime
    is_open: bool
    hour: HourTogether


@dataclass(frozen=True, slots=True)
class FormScore:
    """One licensed form as it was answered after one hour, scored anew from its answers."""

    form: AllianceForm
    session_id: UUID
    held_at: datetime
    cards: dict[str, NumberCard]


def closing(*, viewer: Actor, at: datetime, session_id: UUID) -> ClosingFacts:
    """One hour, for its client or for the therapist who holds it."""
    row = within_reach(viewer, at).filter(id=session_id).first()
    if row is None:
        raise not_found(viewer, reading(viewer), Thing("alliance", id=session_id), at=at)
    client_id = row.episode.client_id
    require(viewer, reading(viewer), Thing("alliance", id=row.id, client=client_id), at=at)
    trail.reading(actor=viewer, kind="alliance", client=client_id, object_id=row.id, at=at)
    is_open = (open_for_client if viewer.client_id else open_at_desk)(row, at)
    (hour,) = hours_of(viewer, [row])
    return ClosingFacts(row.id, row.episode_id, client_id, row.planned_start, row.planned_end, is_open, hour)


def hours_together(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[HourTogether, ...]:
    """Every hour of an episode that began, first to last, with what was said after it."""
    episode = find_episode(viewer, at, episode_id, "alliance", "read")
    trail.reading(actor=viewer, kind="alliance", client=episode.client_id, object_id=episode.id, at=at)
    rows = TherapySession.objects.select_related("episode").filter(episode=episode, started_at__isnull=False)
    return hours_of(viewer, rows.order_by("started_at"))


def last_hours(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[HourTogether, ...]:
    """The last hour held in an episode, and those before it after which something was said; few statements."""
    answered = Exists(Tap.objects.filter(session=OuterRef("id")))
    held = sessions_in_care(viewer, at).filter(episode=episode_id, ended_at__isnull=False)
    newest = list(held.annotate(is_answered=answered).order_by("-started_at")[:LOOKED_BACK])
    rows = [row for row in newest if row is newest[0] or row.is_answered]
    if rows:
        client_id = rows[0].episode.client_id
        trail.reading(actor=viewer, kind="alliance", client=client_id, object_id=episode_id, at=at)
    return hours_of(viewer, reversed(rows))


def own_hours(*, viewer: Actor, at: datetime) -> tuple[HourTogether, ...]:
    """A client's own hours, first to last, with what they said."""
    require(viewer, "read_own", Thing("alliance", client=viewer.client_id), at=at)
    rows = within_reach(viewer, at).filter(planned_end__lte=at, state__in=TAKES_TIME).order_by("planned_start")
    if viewer.client_id is None:
        return ()
    trail.reading(actor=viewer, kind="alliance", client=viewer.client_id, at=at)
    return tuple(hour for hour in hours_of(viewer, rows) if hour.answered or hour.spoke_freely or hour.words)


def waits_for(*, viewer: Actor, at: datetime) -> tuple[UUID, Open] | None:
    """The hour a client could say something about now, and which part is still open."""
    if viewer.client_id is None:
        return None
    require(viewer, "read_own", Thing("alliance", client=viewer.client_id), at=at)
    rows = within_reach(viewer, at).filter(
        state__in=TAKES_TIME, planned_start__lte=at, planned_start__gte=at - CLIENT_SAYS - LONGEST_HOUR
    )
    open_now = [row for row in rows.order_by("-planned_start") if open_for_client(row, at)]
    for hour in hours_of(viewer, open_now[:1]):
        if not hour.answered:
            return hour.session_id, Open.CLOSING
        if not hour.spoke_freely:
            return hour.session_id, Open.FREELY
    return None


def rupture(*, viewer: Actor, at: datetime, rupture_id: UUID) -> RuptureFacts:
    """One memo of the viewer's own; anybody else's does not exist."""
    row = own_ruptures(viewer, at).filter(id=rupture_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("rupture", id=rupture_id), at=at)
    client_id = row.episode.client_id
    require(viewer, "read", Thing("rupture", id=row.id, client=client_id, author=row.author_id), at=at)
    trail.reading(actor=viewer, kind="rupture", client=client_id, object_id=row.id, at=at, private_to=row.author_id)
    return _facts([row], _held([row]))[0]


def ruptures_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[RuptureFacts, ...]:
    """The viewer's own memos of an episode, newest hour first."""
    rows = list(own_ruptures(viewer, at).filter(episode=episode_id).order_by("-session__planned_start", "-noted_at"))
    if not rows:
        return ()
    client_id = rows[0].episode.client_id
    trail.reading(actor=viewer, kind="rupture", client=client_id, at=at, private_to=viewer.account)
    return _facts(rows, _held(rows))


def unrepaired(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[RuptureFacts, ...]:
    """The viewer's own memos of an episode that are not repaired yet, the oldest first."""
    found = ruptures_of(viewer=viewer, at=at, episode_id=episode_id)
    return tuple(facts for facts in reversed(found) if facts.state is not RuptureState.REPAIRED)


def form_scores(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[FormScore, ...]:
    """The licensed forms of an episode, first to last; of one entered twice for an hour the last one."""
    episode = find_episode(viewer, at, episode_id, "alliance", "read")
    trail.reading(actor=viewer, kind="alliance", client=episode.client_id, object_id=episode.id, at=at)
    rows = FormAnswer.objects.select_related("session").filter(session__episode=episode)
    found: dict[tuple[UUID, str], FormScore] = {}
    for row in rows.order_by("session__planned_start", "recorded_at"):
        given = keys.unseal_data(keys.client(episode.client_id), ANSWERS_LABEL, row.id, row.answers_sealed)
        try:
            form = alliance_form(row.form)
        except UnknownForm:  # answered with a form that this version does not know any more
            continue
        cards = score_form(form, {int(number): value for number, value in given.items()})
        held_at = row.session.started_at or row.session.planned_start
        found[row.session_id, row.form] = FormScore(form, row.session_id, held_at, cards)
    return tuple(found.values())


def wording_of(*, viewer: Actor, at: datetime, form: str) -> Wording | None:
    """The text of a licensed form, if this practice brought it."""
    require(viewer, "list", Thing("alliance_form"), at=at)
    row = FormWording.objects.filter(form=alliance_form(form).id).order_by("-added_at").first()
    if row is None:
        return None
    kept = keys.unseal_data(keys.practice(), WORDING_LABEL, row.id, row.wording_sealed)
    return Wording(tuple(kept["items"]), kept["permission"], row.added_at)


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """When something was said about an hour, and the viewer's own memos. Whoever shows them records the reading."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    said = Tap.objects.filter(session__episode=row).values("session_id").annotate(last=Max("recorded_at"))
    answered = FormAnswer.objects.filter(session__episode=row).values_list("recorded_at", "form", "session_id")
    memos = own_ruptures(viewer, at).filter(episode=row).values_list("noted_at", "id")
    return (
        *(
            Happened(when, AllianceEvent.SAID_AFTER, id=key)
            for key, when in said.order_by("last").values_list("session_id", "last")
        ),
        *(Happened(when, AllianceEvent.FORM_ANSWERED, form, key) for when, form, key in answered),
        *(Happened(when, AllianceEvent.RUPTURE_NOTED, id=key) for when, key in memos),
    )


def open_ruptures(*, viewer: Actor, at: datetime) -> tuple[OpenRupture, ...]:
    """The viewer's own memos about everybody in their care that are not repaired, the oldest first.

    One that does not open any more counts as not repaired.
    """
    require(viewer, "list", Thing("course"), at=at)
    rows = list(own_ruptures(viewer, at).filter(episode__closed_at=None).order_by("noted_at"))
    entries = _newest_entries(rows)
    found = [row for row in rows if not _is_repaired(row, entries[row.id])]
    for client_id in sorted({row.episode.client_id for row in found}):
        trail.reading(actor=viewer, kind="rupture", client=client_id, at=at, private_to=viewer.account)
    return tuple(OpenRupture(row.id, row.episode_id, _held_at(row)) for row in found)


def _is_repaired(row: Rupture, entry: RuptureEntry) -> bool:
    drawer = keys.process_note(row.author_id, row.episode.client_id)
    kept = keys.unseal_data_or(None, drawer, MEMO_LABEL, entry.id, entry.memo_sealed)
    return kept is not None and memo_from(kept).repaired is Repaired.YES


def _held_at(row: Rupture) -> datetime:
    return row.session.started_at or row.session.planned_start


def _held(rows: Iterable[Rupture]) -> list[tuple[UUID, datetime]]:
    """Which hours were held in the episodes of these memos."""
    episodes = {row.episode_id for row in rows}
    held = TherapySession.objects.filter(episode__in=episodes, state=SessionState.ENDED)
    return list(held.values_list("episode_id", "planned_start"))


def _newest_entries(rows: list[Rupture]) -> dict[UUID, RuptureEntry]:
    entries = RuptureEntry.objects.filter(rupture__in=[row.id for row in rows]).order_by("number")
    return {entry.rupture_id: entry for entry in entries}


def _facts(rows: list[Rupture], held: list[tuple[UUID, datetime]]) -> tuple[RuptureFacts, ...]:
    entries, found = _newest_entries(rows), []
    for row in rows:
        entry = entries[row.id]
        drawer = keys.process_note(row.author_id, row.episode.client_id)
        memo = memo_from(keys.unseal_data(drawer, MEMO_LABEL, entry.id, entry.memo_sealed))
        since = sum(episode == row.episode_id and start > row.session.planned_start for episode, start in held)
        found.append(
            RuptureFacts(
                id=row.id,
                session_id=row.session_id,
                episode_id=row.episode_id,
                client_id=row.episode.client_id,
                held_at=_held_at(row),
                version=entry.number,
                memo=memo,
                sessions_since=since,
                state=rupture_state(memo.repaired, since),
            )
        )
    return tuple(found)
