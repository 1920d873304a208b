"""Forms as the client sees them: what is to do, and one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import ngettext

from rapport.clinical.measures.instrument import Instrument, Item
from rapport.clinical.measures.rhythm import Occasion
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.queries import contracts
from rapport.practice.episodes.rules import care_of, find_episode
from rapport.practice.measures.choices import FormState, MeasureEvent, Rhythm
from rapport.practice.measures.models import Administration, Answer, Assignment
from rapport.practice.measures.rules.asking import is_due, occasion
from rapport.practice.measures.rules.forms import read_answer
from rapport.practice.measures.rules.instruments import instrument_named, shelf
from rapport.practice.measures.rules.record import REASON_LABEL, administrations_for, current_answers, open_one
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

NO_CLIENT = UUID(int=0)


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form in the client's list."""

    assignment_id: UUID
    title: str
    questions: int
    answered: int
    state: FormState


@dataclass(frozen=True, slots=True)
class FormFacts:
    """A form being answered. `answers` holds what was said so far; None is “I prefer to tell you in person”."""

    id: UUID
    client_id: UUID
    episode_id: UUID
    instrument: Instrument
    answers: Mapping[str, int | None]
    done: bool

    @property
    def items(self) -> tuple[Item, ...]:
        return self.instrument.items

    @property
    def open_places(self) -> tuple[int, ...]:
        """The numbers of the questions that are asked and have no answer yet."""
        asked = ((place, item) for place, item in enumerate(self.items, 1) if item.follows(self.answers))
        return tuple(place for place, item in asked if item.key not in self.answers)

    @property
    def first_open(self) -> int | None:
        """The first question without an answer; None when all have one."""
        return next(iter(self.open_places), None)

    def after(self, place: int, value: int | None) -> int | None:
        """The question that follows on this answer to the one at `place`; None at the end."""
        answers = {**self.answers, self.items[place - 1].key: value}
        later = enumerate(self.items[place:], place + 1)
        return next((number for number, item in later if item.follows(answers)), None)

    @property
    def last_place(self) -> int:
        """The last question that is asked."""
        return max(place for place, item in enumerate(self.items, 1) if item.follows(self.answers))

    def read(self, item: str, raw: Sequence[str], sent: Iterable[str]) -> int | None:
        """The answer to one question as a page sent it: once, and nothing else along with it."""
        strange = [key for key in sent if key != item and key != "csrfmiddlewaretoken"]
        if strange or len(raw) > 1:
            raise BadAnswer((strange or [item])[0][:32], "This was not asked here.", "Open the form again.")
        return read_answer(self.instrument, item, raw[0] if raw else "")


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """A form that was assigned, as the therapist sees it."""

    id: UUID
    instrument: Instrument
    rhythm: Rhythm
    every: int | None
    reason: str  # why more is asked than the cap allows
    assigned_at: datetime
    last_done: datetime | None

    @property
    def how_often(self) -> str:
        """Its rhythm in words."""
        if self.rhythm is Rhythm.EVERY_N:
            return ngettext("Every session", "Every %(n)d sessions", self.every or 1) % {"n": self.every or 1}
        return str(self.rhythm.label)


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """When which form was asked for; scores have a query of their own. Whoever shows them records the reading."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    columns = ("assigned_at", "ended_at", "instrument", "language")
    given = list(Assignment.objects.filter(episode=row).values_list(*columns))
    known = shelf((name, language) for _when, _ended, name, language in given)
    return tuple(
        Happened(when, event, title=known[name, language].short_title)
        for began, ended, name, language in given
        for when, event in ((began, MeasureEvent.ASKED_FOR), (ended, MeasureEvent.NO_LONGER_ASKED))
        if when is not None
    )


def own_forms(*, viewer: Actor, at: datetime) -> tuple[FormLine, ...]:
    """The client's forms, those to do first. What is asked before a session opens some days before the next one."""
    client_id = viewer.client_id or NO_CLIENT
    require(viewer, "answer", Thing("questionnaire", client=viewer.client_id), at=at)
    rows = Assignment.objects.filter(client_id=client_id, ended_at=None, episode__closed_at=None)
    return _lines(viewer, at, rows)


def forms_on_device(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[FormLine, ...]:
    """The forms a client may answer on the device that is handed to them, those to do first."""
    row = find_episode(viewer, at, episode_id, "questionnaire", "answer")
    return _lines(viewer, at, Assignment.objects.filter(episode=row, ended_at=None, episode__closed_at=None))


def form(*, viewer: Actor, at: datetime, administration_id: UUID) -> FormFacts:
    """A form and the answers given so far."""
    row = administrations_for(viewer, at).filter(id=administration_id).first()
    if row is None:
        raise not_found(viewer, "answer", Thing("questionnaire", id=administration_id), at=at)
    require(viewer, "answer", Thing("questionnaire", id=row.id, client=row.client_id), at=at)
    trail.reading(actor=viewer, kind="questionnaire", at=at, client=row.client_id, object_id=row.id)
    answers = current_answers([row])[row.id]
    return FormFacts(
        row.id, row.client_id, row.episode_id, instrument_named(row.instrument, row.language), answers,
        row.completed_at is not None,
    )  # fmt: skip


def assignments(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[AssignmentLine, ...]:
    """What the client is asked in this episode."""
    care = care_of(viewer, at).values("client")
    rows = list(
        Assignment.objects.filter(episode_id=episode_id, ended_at=None, client__in=care).order_by("assigned_at", "id")
    )
    done: dict[UUID | None, datetime] = {}
    for administration in Administration.objects.filter(assignment__in=rows, completed_at__isnull=False):
        last = done.get(administration.assignment_id)
        done[administration.assignment_id] = max(filter(None, (last, administration.completed_at)))
    known = shelf((row.instrument, row.language) for row in rows)
    return tuple(
        AssignmentLine(
            row.id,
            known[row.instrument, row.language],
            Rhythm(row.rhythm),
            row.every,
            keys.unseal(keys.client(row.client_id), REASON_LABEL, row.id, row.reason_sealed)
            if row.reason_sealed
            else "",
            row.assigned_at,
            done.get(row.id),
        )
        for row in rows
    )


def _lines(viewer: Actor, at: datetime, rows: QuerySet[Assignment]) -> tuple[FormLine, ...]:
    assigned = list(rows.select_related("episode").order_by("assigned_at", "id"))
    taken: dict[UUID, list[Administration]] = {}
    for administration in Administration.objects.filter(assignment__in=assigned).order_by("opened_at"):
        taken.setdefault(administration.assignment_id or NO_CLIENT, []).append(administration)
    unfinished = [one.id for row in assigned if (one := open_one(taken.get(row.id, []), at))]
    counts: dict[UUID, set[str]] = {}
    for administration_id, item in Answer.objects.filter(administration__in=unfinished).values_list(
        "administration_id", "item"
    ):
        counts.setdefault(administration_id, set()).add(item)
    known = shelf((row.instrument, row.language) for row in assigned)
    courses = {row.episode_id: row.episode for row in assigned}
    now = {each: _occasion(viewer, at, episode, assigned) for each, episode in courses.items()}
    lines = [
        _form_line(row, known[row.instrument, row.language], taken.get(row.id, []), counts, now[row.episode_id], at)
        for row in assigned
    ]
    return tuple(sorted(lines, key=lambda line: line.state == FormState.DONE))


def _occasion(viewer: Actor, at: datetime, episode: Episode, assigned: Iterable[Assignment]) -> Occasion:
    rhythms = {row.rhythm for row in assigned if row.episode_id == episode.id}
    reviews: tuple[int, ...] = ()
    if Rhythm.AT_REVIEW in rhythms:
        agreed = contracts(viewer=viewer, at=at, episode_id=episode.id)
        reviews = next((one.agreement.reviews for one in agreed if one.accepted_at is not None), ())
    return occasion(episode, at, reviews, may_end=Rhythm.AT_END in rhythms)


def _form_line(
    row: Assignment,
    instrument: Instrument,
    taken: list[Administration],
    counts: Mapping[UUID, set[str]],
    now: Occasion,
    at: datetime,
) -> FormLine:
    unfinished = open_one(taken, at)
    done = max((one.completed_at for one in taken if one.completed_at is not None), default=None)
    state = FormState.TO_DO if is_due(row, done, now, at) else FormState.DONE
    if unfinished is not None:
        state = FormState.STARTED
    answered = len(counts.get(unfinished.id, ())) if unfinished else 0
    return FormLine(row.id, instrument.title, len(instrument.items), answered, state)
