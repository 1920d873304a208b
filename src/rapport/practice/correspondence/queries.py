"""Reading messages and letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from rapport.practice.clients.queries import names
from rapport.practice.correspondence.choices import (
    ChangeAsked,
    Conversation,
    CorrespondenceEvent,
    LetterFacts,
    LetterKind,
    LetterMoment,
    LetterStep,
    MessageFacts,
    SentBy,
    Waiting,
)
from rapport.practice.correspondence.models import (
    MESSAGE_LABEL,
    STEP_LABEL,
    CaseLetter,
    CaseLetterStep,
    MessageFile,
    SecureMessage,
)
from rapport.practice.correspondence.rules import (
    SEEN_BY_CLIENT,
    attached_within,
    content_of,
    last_step,
    letters_within,
)
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.queries import own_episode, terms
from rapport.practice.episodes.rules import care_of, clients_in_care, find_episode, hidden, visible_episodes
from rapport.practice.files.choices import FileContent
from rapport.practice.files.queries import file, file_names
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def conversation(*, viewer: Actor, at: datetime, episode_id: UUID) -> Conversation:
    """The messages of a course, for whoever cares for the client, or the client."""
    row = find_episode(viewer, at, episode_id, "message", "read")
    agreed = terms(viewer=viewer, at=at, episode_id=row.id)
    trail.reading(actor=viewer, kind="message", at=at, client=row.client_id, object_id=row.id)
    attached = Prefetch("attached", queryset=MessageFile.objects.order_by("id"))
    rows = list(SecureMessage.objects.filter(episode=row).prefetch_related(attached).order_by("sent_at", "id"))
    called = file_names(viewer=viewer, at=at, file_ids=[each.file_id for one in rows for each in one.attached.all()])
    return Conversation(
        episode_id=row.id,
        client_id=row.client_id,
        client_name=names(viewer=viewer, at=at, client_ids=[row.client_id]).get(row.client_id, ""),
        agreed=agreed.agreed and agreed.messages,
        is_open=row.closed_at is None,
        contact_window=agreed.contact_window,
        reply_within=agreed.reply_within,
        messages=tuple(
            MessageFacts(
                each.id,
                each.from_client,
                each.sent_by,
                each.sent_at,
                keys.unseal(keys.client(row.client_id), MESSAGE_LABEL, each.id, each.text_sealed),
                tuple(called[one.file_id] for one in each.attached.all() if one.file_id in called),
                each.settled_at is None,
            )
            for each in rows
        ),
    )


def own_conversation(*, viewer: Actor, at: datetime) -> Conversation | None:
    """A client's own messages in their open course; None without one."""
    require(viewer, "read", Thing("message", client=viewer.client_id), at=at)
    mine = own_episode(viewer=viewer, at=at)
    return conversation(viewer=viewer, at=at, episode_id=mine.id) if mine else None


def waiting_messages(*, viewer: Actor, at: datetime) -> tuple[Waiting, ...]:
    """For every course in the viewer's care whose client waits for a word: since when. Nothing is opened."""
    require(viewer, "list", Thing("message"), at=at)
    first: dict[UUID, Waiting] = {}
    for found in _unanswered(viewer, at):
        first.setdefault(found[1], Waiting(*found))
    return tuple(first.values())


@prepared
def _unanswered(viewer: Actor, at: datetime) -> QuerySet[SecureMessage, tuple[UUID, UUID, UUID, datetime]]:
    rows = SecureMessage.objects.filter(
        from_client=True, settled_at=None, episode__client__in=clients_in_care(viewer, at)
    )
    return rows.order_by("sent_at").values_list("id", "episode_id", "episode__client_id", "sent_at")


def answer_waits(*, viewer: Actor, at: datetime) -> datetime | None:
    """Since when a message of the therapist waits for this client; None if none does. Nothing is opened."""
    require(viewer, "read", Thing("message", client=viewer.client_id), at=at)
    rows = SecureMessage.objects.filter(episode__client=viewer.client_id, from_client=False, settled_at=None)
    return rows.order_by("sent_at").values_list("sent_at", flat=True).first()


def message_file(*, viewer: Actor, at: datetime, file_id: UUID) -> FileContent:
    """A file sent with a message, opened."""
    held = attached_within(viewer, at).filter(file_id=file_id).first()
    if held is None:
        raise hidden(viewer, "read", Thing("message", id=file_id), at)
    return file(viewer=viewer, at=at, file_id=file_id)


def letters_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[LetterFacts, ...]:
    """Every letter of a course, the newest first."""
    row = find_episode(viewer, at, episode_id, "case_letter", "read")
    rows = letters_within(viewer, at).filter(episode=row)
    return _letters(viewer, at, rows.order_by("-written_at", "id").prefetch_related(_steps()))


def own_letters(*, viewer: Actor, at: datetime) -> tuple[LetterFacts, ...]:
    """The letters laid before a client or sent to them, the newest first."""
    require(viewer, "read", Thing("case_letter", client=viewer.client_id, released=True), at=at)
    rows = letters_within(viewer, at).filter(episode__client=viewer.client_id)
    return _letters(viewer, at, rows.order_by("-written_at", "id").prefetch_related(_steps()))


def case_letter(*, viewer: Actor, at: datetime, letter_id: UUID) -> LetterFacts:
    """One letter."""
    found = _letters(viewer, at, letters_within(viewer, at).filter(id=letter_id).prefetch_related(_steps()))
    if not found:
        raise hidden(viewer, "read", Thing("case_letter", id=letter_id), at)
    require(viewer, "read", Thing("case_letter", id=letter_id, client=found[0].client_id, released=True), at=at)
    return found[0]


def is_rewritten(*, viewer: Actor, at: datetime, letter_id: UUID) -> bool:
    """Whether a letter that was laid before this client is being written anew: they read it again when it is shown."""
    require(viewer, "answer", Thing("case_letter", client=viewer.client_id), at=at)
    shown = CaseLetterStep.objects.filter(letter=letter_id, step__in=SEEN_BY_CLIENT)
    if not shown.filter(letter__episode__in=visible_episodes(viewer, at)).exists():
        return False
    return last_step(letter_id) is LetterStep.WRITTEN


def letters_asking(*, viewer: Actor, at: datetime) -> int:
    """How many letters lie before a client who has not answered yet. Nothing is opened."""
    require(viewer, "read", Thing("case_letter", client=viewer.client_id, released=True), at=at)
    rows = letters_within(viewer, at).filter(episode__client=viewer.client_id, sent_at=None)
    last = dict(rows.order_by("id", "steps__seq").values_list("id", "steps__step"))
    return sum(step == LetterStep.SHOWN for step in last.values())


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """How many messages went which way on a day, and the steps of letters. Whoever shows them records the reading."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    zone = practice_zone()
    sent = SecureMessage.objects.filter(episode=row).order_by("sent_at").values_list("sent_at", "from_client")
    days: dict[tuple[date, bool], list[datetime]] = {}
    for when, from_client in sent:
        days.setdefault((when.astimezone(zone).date(), from_client), []).append(when)
    steps = CaseLetterStep.objects.filter(letter__episode=row).exclude(step=LetterStep.WRITTEN, seq__gt=1)
    return (
        *(
            Happened(each[-1], CorrespondenceEvent.MESSAGES, "client" if from_client else "therapist", number=len(each))
            for (_day, from_client), each in days.items()
        ),
        *(
            Happened(when, CorrespondenceEvent.CASE_LETTER, step, key, title=kind)
            for when, step, key, kind in steps.values_list("at", "step", "letter_id", "letter__kind")
        ),
    )


def changes_asked(*, viewer: Actor, at: datetime) -> tuple[ChangeAsked, ...]:
    """The letters in the viewer's care whose client asked for a change, the oldest first. Nothing is opened."""
    require(viewer, "list", Thing("case_letter"), at=at)
    rows = CaseLetterStep.objects.filter(
        letter__sent_at=None, letter__episode__client__in=care_of(viewer, at).values("client")
    )
    last: dict[UUID, tuple[str, ChangeAsked]] = {}
    for key, episode_id, step, when in rows.order_by("seq").values_list(
        "letter_id", "letter__episode_id", "step", "at"
    ):
        last[key] = (step, ChangeAsked(key, episode_id, when))
    found = [asked for step, asked in last.values() if step == LetterStep.CHANGE_ASKED]
    return tuple(sorted(found, key=lambda asked: asked.since))


def _steps() -> Prefetch[str]:
    return Prefetch("steps", queryset=CaseLetterStep.objects.order_by("seq"))


def _letters(viewer: Actor, at: datetime, rows: Iterable[CaseLetter]) -> tuple[LetterFacts, ...]:
    found = list(rows)
    called = names(viewer=viewer, at=at, client_ids=[row.episode.client_id for row in found])
    for row in found:
        trail.reading(actor=viewer, kind="case_letter", at=at, client=row.episode.client_id, object_id=row.id)
    return tuple(_letter(row, called.get(row.episode.client_id, "")) for row in found)


def _letter(row: CaseLetter, client_name: str) -> LetterFacts:
    content, drawer = content_of(row), keys.client(row.episode.client_id)
    return LetterFacts(
        id=row.id,
        episode_id=row.episode_id,
        client_id=row.episode.client_id,
        client_name=client_name,
        kind=LetterKind(row.kind),
        version=row.version,
        to=content["to"],
        text=content["text"],
        written_at=row.written_at,
        written_by=row.written_by,
        steps=tuple(
            LetterMoment(
                LetterStep(each.step),
                each.at,
                each.by,
                keys.unseal(drawer, STEP_LABEL, each.id, each.words_sealed) if each.words_sealed else "",
            )
            for each in row.steps.all()
        ),
        sent_at=row.sent_at,
        how=SentBy(row.how) if row.how else None,
    )
