"""No client gets worse unseen: scores read once and for good, thoughts, decisions, and who may know of them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from tests.factories.measures import a_form, a_score
from tests.factories.organisation import a_practice
from tests.factories.outcomes import decided, off_course, read_all, scored_anew, totals
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.clinical.outcomes.five_fields import Bend, Decision, Field, FieldThought, Look
from rapport.clinical.outcomes.following.thread import OpenEnd
from rapport.clinical.outcomes.signals import Rung, Signal, SignalRule
from rapport.practice.clients.choices import ClientDetails
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.record import sealed_details
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import EpisodeOver
from rapport.practice.measures.actions import recompute_scores, record_total
from rapport.practice.measures.models import Score
from rapport.practice.outcomes import actions, queries
from rapport.practice.outcomes.choices import NeedsMe, OutcomeEvent
from rapport.practice.outcomes.models import CourseDecision, FieldsThought, SignalRead
from rapport.practice.outcomes.queries import unread
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM, Actor

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
STRAIN = {
    Field.RELATIONSHIP: FieldThought(Look.SOMETHING, "I came late twice"),
    Field.SAFETY: FieldThought(Look.NOTHING),
}


def decide(actor: Actor, course: Course, look_again: int | None = 6, version: int = 0, **more: object) -> None:
    actions.decide(
        actor=actor, at=AT, episode_id=course.episode, decision=Decision.CHANGE_METHOD, look_again=look_again,
        version=version, **{"fields": STRAIN, "words": "Shorter steps", **more},  # type: ignore[arg-type]
    )  # fmt: skip


def test_every_score_is_read_once_by_the_line_there_was_and_keeps_its_version() -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", 16, 15, 21)
    assert read_all() == 3
    assert read_all() == 0
    read = list(SignalRead.objects.order_by("taken_at"))
    assert [row.signal for row in read] == ["", Signal.GREEN, Signal.RED]
    assert [row.session for row in read] == [1, 2, 3]
    assert {row.rung for row in read} == {Rung.PRIOR}
    assert {row.model_version for row in read} == {"prior/phq9/1"}
    assert read[2].rule == SignalRule.BAND
    assert b"21" not in bytes(read[2].reading_sealed)
    # the trail says of every course alike that its scores were read
    assert [row.reason for row in AuditEvent.objects.filter(action="read_score", client=course.client)] == [""]


def test_a_measure_without_a_line_is_read_by_the_rational_rule_and_one_without_a_rule_not_at_all() -> None:
    a_practice()
    course = a_course(a_therapist())
    a_form(course, client_account(course), "gad7")  # begun and not handed in: nothing to read
    totals(course, "gad7", 12, 17)
    read_all()
    assert SignalRead.objects.get(signal=Signal.RED).rule == SignalRule.RELIABLE_WORSENING
    assert SignalRead.objects.count() == 2


@pytest.mark.parametrize(("model", "column"), [(Score, "value_sealed"), (Client, "details_sealed")])
def test_a_course_changed_past_the_practice_is_named_and_not_judged_and_hides_no_other(
    model: type[Model], column: str
) -> None:
    """Its newest score, or the details that say how old the client is. Nothing is read of it that would stay."""
    therapist = a_therapist()
    damaged, other = a_course(therapist), a_course(therapist, "Nadia Kowalski")
    totals(damaged, "phq9", 16, 10, 27)
    totals(other, "phq9", 16, 15, 21)
    newest = Score.objects.filter(administration__client=damaged.client).latest("computed_at").id
    row = model._default_manager.filter(id=newest if model is Score else damaged.client)
    if model is Client:
        details = ClientDetails("Jonas Weber", date_of_birth=date(2014, 1, 5))
        row.update(**sealed_details(damaged.client, details))
    whole = bytes(row.values_list(column, flat=True)[0])
    row.update(**{column: whole[:-1] + bytes([whole[-1] ^ 1])})

    assert read_all() == 3
    assert set(SignalRead.objects.values_list("episode_id", flat=True)) == {other.episode}
    with keys.noticing() as noticed:
        lines = {line.episode.id: line for line in queries.caseload(viewer=therapist, at=AT).lines}
    assert noticed
    assert lines[damaged.episode].needs is NeedsMe.DOES_NOT_OPEN
    assert not {NeedsMe.SILENT, NeedsMe.NOTHING_MEASURED} & {*lines[damaged.episode].reasons}
    assert lines[damaged.episode].measures == ()
    assert lines[other.episode].measures[0].reading.n == 3
    look = {line.episode.id for line in queries.worth_a_look(viewer=therapist, at=AT)}
    assert look == {damaged.episode, other.episode}
    with pytest.raises(keys.SealBroken):
        queries.course(viewer=therapist, at=AT, episode_id=damaged.episode)

    row.update(**{column: whole})  # brought back from a backup
    assert read_all() == 3
    assert SignalRead.objects.filter(episode=damaged.episode).count() == 3


def test_scores_that_do_not_open_fill_no_batch_and_no_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    therapist = a_therapist()
    damaged, other = a_course(therapist), a_course(therapist, "Nadia Kowalski")
    totals(damaged, "phq9", 16, 15, 14)
    totals(other, "phq9", 16)
    Client.objects.filter(id=damaged.client).update(details_sealed=b"not a seal")
    monkeypatch.setattr(unread, "BATCH", 2)
    assert read_all() == 1
    kept = AuditEvent.objects.count()
    assert [read_all() for _ in range(3)] == [0, 0, 0]
    assert AuditEvent.objects.count() == kept


def test_only_the_worker_reads_scores() -> None:
    for actor in (a_therapist(), a_manager()):
        with pytest.raises(Forbidden):
            actions.read_new_scores(actor=actor, at=AT)


def test_whatever_was_not_read_is_read_later_and_an_erased_client_never() -> None:
    kept, gone = a_course(a_therapist()), a_course(a_therapist("Ben Stone"))
    totals(kept, "phq9", 16, 22)
    totals(gone, "phq9", 16, 22)
    Client.objects.filter(id=gone.client).update(erased_at=AT)
    assert read_all(AT + 90 * DAY) == 2
    assert set(SignalRead.objects.values_list("episode_id", flat=True)) == {kept.episode}


def test_a_score_computed_anew_counts_as_it_was_read_last() -> None:
    a_practice()
    course = a_course(a_therapist())
    form = a_score(course, client_account(course), *[2] * 9)
    recompute_scores(actor=course.therapist, at=AT, administration_id=form)
    assert read_all() == 1, "the same result is no new score"


@pytest.mark.parametrize(
    ("anew", "end"), [(21, None), (20, None), (8, None), (24, OpenEnd.DECIDE)], ids=["same", "milder", "fine", "red"]
)
def test_scores_computed_anew_open_a_thread_again_only_if_they_are_worse(anew: float, end: OpenEnd | None) -> None:
    """And the day reads them as the course page does."""
    mara = a_therapist()
    course = a_course(mara)
    off_course(course, 16, 15, *([17] if end else [21]))  # yellow, or red already
    decided(course, AT + HOUR)
    scored_anew(course, anew, at=AT + 2 * HOUR)
    facts = queries.thread(viewer=mara, at=AT + 2 * HOUR, episode_id=course.episode)
    on_the_day = queries.threads(viewer=mara, at=AT + 2 * HOUR)[course.episode]
    assert facts is not None
    assert facts.thread == on_the_day
    assert facts.open_end is end


def test_a_signal_that_a_new_scoring_takes_back_no_longer_asks_and_its_thoughts_stay() -> None:
    course = a_course(a_therapist())
    off_course(course)
    decide(course.therapist, course)
    scored_anew(course, 8, at=AT + HOUR)
    facts = queries.thread(viewer=course.therapist, at=AT + HOUR, episode_id=course.episode)
    assert facts is not None
    assert facts.turns[0].signal.score == 21, "what was decided on stays as it was read then"
    assert facts.turns[0].thought is not None
    assert facts.turns[0].thought.fields == STRAIN


def test_another_score_asks_than_was_decided_on() -> None:
    course = a_course(a_therapist())
    off_course(course)
    facts = queries.thread(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert facts is not None
    totals(course, "phq9", 23, first=AT.date())
    read_all(AT + HOUR)
    with pytest.raises(actions.ThoughtMoved):
        decide(course.therapist, course, question=facts.question.id)
    with pytest.raises(actions.ThoughtMoved):
        actions.think_through(
            actor=course.therapist, at=AT, episode_id=course.episode, version=0, fields=STRAIN,
            question=facts.question.id,
        )  # fmt: skip
    assert not CourseDecision.objects.exists()
    assert not FieldsThought.objects.exists()


def test_a_signal_read_while_somebody_decided_was_not_known_to_them() -> None:
    """The worker's moment may lie before the decision, its rows after it."""
    course = a_course(a_therapist())
    off_course(course, 16, 15, 17)
    decided(course, AT + HOUR)
    totals(course, "phq9", 24, first=AT.date())
    read_all(AT)
    made = CourseDecision.objects.get().decided_at
    assert SignalRead.objects.get(signal=Signal.RED).read_at > made
    found = queries.threads(viewer=course.therapist, at=AT + HOUR)[course.episode]
    assert found.open_end is OpenEnd.DECIDE


def test_an_open_end_stands_with_whoever_cares_and_with_nobody_else() -> None:
    mara = a_therapist()
    course, fine = a_course(mara), a_course(mara, name="Ada Fine")
    off_course(course)
    totals(fine, "phq9", 17, 14)
    read_all()
    assert {key: one.open_end for key, one in queries.threads(viewer=mara, at=AT).items()} == {
        course.episode: OpenEnd.DECIDE
    }
    assert queries.threads(viewer=a_therapist("Ben Stone"), at=AT) == {}
    with pytest.raises(NotFound):
        queries.thread(viewer=a_therapist("Cleo Marsh"), at=AT, episode_id=course.episode)
    for other in (a_manager(), client_account(course)):
        with pytest.raises(Forbidden):
            queries.threads(viewer=other, at=AT)
        with pytest.raises(Forbidden):
            queries.thread(viewer=other, at=AT, episode_id=course.episode)
    assert [(line.episode.id, line.needs) for line in queries.worth_a_look(viewer=mara, at=AT)] == [
        (course.episode, NeedsMe.OFF_TRACK)
    ]


def test_a_thread_from_the_signal_to_the_bend() -> None:
    course = a_course(a_therapist())
    off_course(course)
    decide(course.therapist, course)
    assert queries.worth_a_look(viewer=course.therapist, at=AT) == (), "decided: nothing waits until session 6"
    for week, value in enumerate((17, 12, 8), 1):
        at = AT + week * WEEK
        record_total(
            actor=course.therapist, at=at, episode_id=course.episode, instrument_id="phq9", total=value,
            taken_on=at.date(),
        )  # fmt: skip
        read_all(at)
    facts = queries.thread(viewer=course.therapist, at=AT + 3 * WEEK, episode_id=course.episode)
    assert facts is not None
    assert facts.open_end is OpenEnd.LOOK_AGAIN
    (turn,) = facts.turns
    assert (turn.signal.score, turn.signal.session) == (21, 3)
    assert turn.thought is not None
    assert turn.thought.fields == STRAIN
    assert turn.decided is not None
    assert (turn.decided.words, turn.decided.bend, turn.decided.scores) == ("Shorter steps", Bend.BETTER, (17, 12, 8))
    assert not facts.must_look_again
    decided(course, AT + 3 * WEEK, look_again=None)
    ended = queries.thread(viewer=course.therapist, at=AT + 3 * WEEK, episode_id=course.episode)
    assert ended is not None
    assert (ended.open_end, len(ended.turns)) == (None, 2)
    happened = queries.timeline(viewer=course.therapist, at=AT + 3 * WEEK, episode_id=course.episode)
    assert sum(each.event is OutcomeEvent.DECIDED for each in happened) == 2
    assert "late" not in repr(happened)


def test_thoughts_are_sealed_kept_and_never_overwritten() -> None:
    course = a_course(a_therapist())
    off_course(course)
    say = {"actor": course.therapist, "at": AT, "episode_id": course.episode}
    assert actions.think_through(**say, version=0, fields=STRAIN) == 1  # type: ignore[arg-type]
    with pytest.raises(actions.ThoughtMoved):
        actions.think_through(**say, version=0, fields={})  # type: ignore[arg-type]
    decide(course.therapist, course, version=1)  # the same thoughts again are not written twice
    assert FieldsThought.objects.count() == 1
    assert b"late" not in bytes(FieldsThought.objects.get().fields_sealed)
    assert b"Shorter" not in bytes(CourseDecision.objects.get().words_sealed)
    done = AuditEvent.objects.filter(object_type="course", client=course.client).values_list("action", flat=True)
    assert {"think_through", "decide"} <= set(done)


def test_a_decision_sent_twice_is_one() -> None:
    course = a_course(a_therapist())
    off_course(course)
    page = uuid4()
    for _press in range(2):
        decide(course.therapist, course, key=page)
    assert CourseDecision.objects.count() == 1
    assert AuditEvent.objects.filter(action="decide", client=course.client).count() == 1


def test_strangers_managers_and_clients_decide_nothing() -> None:
    course = a_course(a_therapist())
    off_course(course)
    for other, refusal in (
        (a_therapist("Ben Stone"), NotFound),
        (a_manager(), Forbidden),
        (client_account(course), Forbidden),
        (SYSTEM, Forbidden),
    ):
        with pytest.raises(refusal):
            decide(other, course)
        with pytest.raises(refusal):
            actions.think_through(actor=other, at=AT, episode_id=course.episode, version=0, fields=STRAIN)
    assert not CourseDecision.objects.exists()
    assert AuditEvent.objects.filter(decision="deny").exists()


@pytest.mark.parametrize(("look_again", "code"), [(None, "missing"), (3, "not_ahead"), (90, "not_ahead")])
def test_while_the_course_is_off_a_decision_says_when_to_look_again(look_again: int | None, code: str) -> None:
    course = a_course(a_therapist())
    off_course(course)
    with pytest.raises(actions.DecisionRefused) as refused:
        decide(course.therapist, course, look_again)
    assert (refused.value.field, refused.value.code) == ("look_again", code)


def test_where_nothing_is_off_there_is_nothing_to_decide_and_what_is_over_stays() -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 14)
    read_all()
    with pytest.raises(NotFound):
        decide(course.therapist, course)
    totals(course, "phq9", 24, first=AT.date() - WEEK)
    read_all()
    Episode.objects.filter(id=course.episode).update(closed_at=AT)
    with pytest.raises(EpisodeOver):
        decide(course.therapist, course)
    assert queries.threads(viewer=course.therapist, at=AT) == {}


def test_three_threads_ask_no_more_than_one() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    for viewer, names in ((mara, ("Jo",)), (ben, ("Ada", "Bo", "Cy"))):
        for name in names:
            course = a_course(viewer, name=name)
            off_course(course)
            decided(course)
    asked = []
    for viewer in (mara, ben):
        with CaptureQueriesContext(connection) as queried:
            queries.threads(viewer=viewer, at=AT)
        asked.append(len(queried))
    assert asked[0] == asked[1] <= 5
