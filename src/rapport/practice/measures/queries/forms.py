"""Forms as the client sees them: what is to do, and one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.measures.instrument import Instrument, Item
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.rules import care_of, find_episode
from rapport.practice.measures.choices import FormState, MeasureEvent, Rhythm
from rapport.practice.measures.models import Administration, Answer, Assignment
from rapport.practice.measures.rules.forms import is_due, read_answer
from rapport.practice.measures.rules.instruments import instrument_named, shelf
from rapport.practice.measures.rules.record import administrations_for, current_answers, open_one
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.queries import own_sessions

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
    def first_open(self) -> int:
        """The number of the first question without an answer; one past the end when all have one."""
        open_ones = [place for place, item in enumerate(self.items, 1) if item.key not in self.answers]
        return open_ones[0] if open_ones else len(self.items) + 1

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
    assigned_at: datetime
    last_done: datetime | None


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
    """The client's forms, those to do first. What is asked before each session opens some days before the next one."""
    client_id = viewer.client_id or NO_CLIENT
    require(viewer, "answer", Thing("questionnaire", client=viewer.client_id), at=at)
    rows = Assignment.objects.filter(client_id=client_id, ended_at=None, episode__closed_at=None)
    assignments = list(rows.order_by("assigned_at", "id"))
    taken: dict[UUID, list[Administration]] = {}
    for administration in Administration.objects.filter(assignment__in=assignments).order_by("opened_at"):
        taken.setdefault(administration.assignment_id or NO_CLIENT, []).append(administration)
    unfinished = [one.id for row in assignments if (one := open_one(taken.get(row.id, []), at))]
    counts: dict[UUID, set[str]] = {}
    for administration_id, item in Answer.objects.filter(administration__in=unfinished).values_list(
        "administration_id", "item"
    ):
        counts.setdefault(administration_id, set()).add(item)
    hours = own_sessions(viewer=viewer, at=at) if assignments else ()
    ahead = next((hour.planned_start for hour in hours if not hour.is_off and hour.planned_end > at), None)
    lines = [_form_line(row, taken.get(row.id, []), counts, ahead, at) for row in assignments]
    return tuple(sorted(lines, key=lambda line: line.state == FormState.DONE))


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
    rows = Assignment.objects.filter(
        episode_id=episode_id, ended_at=None, client__in=care_of(viewer, at).values("client")
    )
    found = []
    for row in rows.order_by("assigned_at", "id").prefetch_related("administrations"):
        done = [one.completed_at for one in row.administrations.all() if one.completed_at is not None]
        instrument = instrument_named(row.instrument, row.language)
        found.append(AssignmentLine(row.id, instrument, Rhythm(row.rhythm), row.assigned_at, max(done, default=None)))
    return tuple(found)


def _form_line(
    row: Assignment,
    taken: list[Administration],
    counts: Mapping[UUID, set[str]],
    next_session: datetime | None,
    at: datetime,
) -> FormLine:
    instrument = instrument_named(row.instrument, row.language)
    unfinished = open_one(taken, at)
    done = max((one.completed_at for one in taken if one.completed_at is not None), default=None)
    state = FormState.TO_DO if is_due(Rhythm(row.rhythm), done, next_session, at) else FormState.DONE
    if unfinished is not None:
        state = FormState.STARTED
    answered = len(counts.get(unfinished.id, ())) if unfinished else 0
    return FormLine(row.id, instrument.title, len(instrument.items), answered, state)
