"""Endings: guards, letters, the recorded result, and who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.factories.endings import WHOLE, a_released_letter, ended
from tests.factories.measures import a_score
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_therapist, client_account

from rapport.clinical.endings.kinds import EndingKind
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.practice.endings import actions, queries
from rapport.practice.endings.choices import FinalMeasures, Missing, NegativeEffects
from rapport.practice.endings.models import Closing, EndingVersion, Letter
from rapport.practice.endings.rules import EndingIncomplete, LetterOut
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.queries import episode
from rapport.practice.episodes.rules import EpisodeOver, EpisodeRefused
from rapport.practice.measures.queries import own_forms
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound

HOUR = timedelta(hours=1)


def test_a_course_is_closed_with_its_result() -> None:
    course = ended(a_course(a_therapist()))
    totals(course, "phq9", 17, 9)
    actions.close_course(actor=course.therapist, at=AT + HOUR, episode_id=course.episode)
    assert episode(viewer=course.therapist, at=AT + HOUR, episode_id=course.episode).state is EpisodeState.CLOSED
    facts = queries.ending(viewer=course.therapist, at=AT + HOUR, episode_id=course.episode)
    assert facts.result is not None
    assert (facts.result.outcome, facts.result.basis) == (ChangeClass.RECOVERED, "nhs")
    assert b"recovered" not in bytes(Closing.objects.get().result_sealed)
    assert AuditEvent.objects.filter(object_type="ending", action="close", client=course.client).count() == 1


def test_a_growth_client_is_closed_without_a_class() -> None:
    course = ended(a_course(a_therapist()))
    totals(course, "phq9", 3, 4)
    actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)
    result = queries.ending(viewer=course.therapist, at=AT, episode_id=course.episode).result
    assert result is not None
    assert (result.outcome, result.reason) == (None, "began_healthy")


def test_nothing_closes_while_something_is_missing() -> None:
    course = a_course(a_therapist())
    with pytest.raises(EndingIncomplete) as refused:
        actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)
    assert refused.value.missing == (Missing.ENDING, Missing.RISK_CHECK)
    bare = replace(WHOLE, negative_effects=NegativeEffects.NOT_ASKED, final_measures=FinalMeasures.NOT_YET)
    ended(course, bare)
    with pytest.raises(EndingIncomplete) as refused:
        actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)
    assert refused.value.missing == (Missing.NEGATIVE_EFFECTS, Missing.FINAL_MEASURES)
    assert not Closing.objects.exists()


def test_who_stopped_without_a_word_could_not_be_asked() -> None:
    gone = replace(
        WHOLE,
        kind=EndingKind.CLIENT_STOPPED_UNANNOUNCED,
        negative_effects=NegativeEffects.NOT_ASKED,
        final_measures=FinalMeasures.NOT_ASKED,
        reason_no_measures="Could not be reached.",
    )
    course = ended(a_course(a_therapist()), gone)
    actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)


def test_no_last_measures_need_a_reason() -> None:
    course = a_course(a_therapist())
    with pytest.raises(EpisodeRefused):
        ended(course, replace(WHOLE, final_measures=FinalMeasures.NOT_ASKED))
    assert not EndingVersion.objects.exists()


def test_recording_an_ending_begins_it_and_keeps_every_version() -> None:
    course = ended(a_course(a_therapist()))
    assert episode(viewer=course.therapist, at=AT, episode_id=course.episode).state is EpisodeState.ENDING
    ended(course, replace(WHOLE, what_helped="The walks"))
    assert EndingVersion.objects.count() == 2
    details = queries.ending(viewer=course.therapist, at=AT, episode_id=course.episode).details
    assert details is not None
    assert details.what_helped == "The walks"
    assert all(b"Being asked" not in bytes(row.content_sealed) for row in EndingVersion.objects.all())


def test_a_closed_course_is_changed_by_nobody() -> None:
    course = ended(a_course(a_therapist()))
    actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)
    with pytest.raises(EpisodeOver):
        actions.record_ending(actor=course.therapist, at=AT, episode_id=course.episode, details=WHOLE)
    with pytest.raises(EpisodeOver):
        actions.close_course(actor=course.therapist, at=AT, episode_id=course.episode)


def test_a_letter_is_the_clients_once_it_is_released() -> None:
    course = a_course(a_therapist())
    client = client_account(course)
    letter = actions.write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="Dear Jonas")
    assert queries.own_letters(viewer=client, at=AT) == ()
    with pytest.raises(NotFound):
        queries.own_letter(viewer=client, at=AT, letter_id=letter)
    same = actions.write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="Dear Jonas,")
    assert same == letter
    actions.release_letter(actor=course.therapist, at=AT, letter_id=letter)
    assert queries.own_letter(viewer=client, at=AT, letter_id=letter).text == "Dear Jonas,"
    with pytest.raises(LetterOut):
        actions.release_letter(actor=course.therapist, at=AT, letter_id=letter)
    actions.write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="And one more thing")
    assert Letter.objects.count() == 2
    assert queries.own_letter(viewer=client, at=AT, letter_id=letter).text == "Dear Jonas,"
    assert all(b"Jonas" not in bytes(row.text_sealed) for row in Letter.objects.all())


def test_the_last_measures_wait_for_the_client_again() -> None:
    a_practice()
    course = a_course(a_therapist(), at=AT - timedelta(days=90))
    client = client_account(course)
    a_score(course, client, *[1] * 9, at=AT - timedelta(days=60))
    asked = actions.ask_final_measures(actor=course.therapist, at=AT, episode_id=course.episode)
    assert asked == 3
    assert any("PHQ-9" in line.title for line in own_forms(viewer=client, at=AT))


def test_strangers_and_clients_end_nothing() -> None:
    course = a_course(a_therapist())
    ben = a_therapist("Ben Stone")
    with pytest.raises(NotFound):
        actions.record_ending(actor=ben, at=AT, episode_id=course.episode, details=WHOLE)
    with pytest.raises(NotFound):
        queries.ending(viewer=ben, at=AT, episode_id=course.episode)
    with pytest.raises(NotFound):
        actions.close_course(actor=ben, at=AT, episode_id=course.episode)
    with pytest.raises(Forbidden):
        actions.close_course(actor=client_account(course), at=AT, episode_id=course.episode)
    letter = actions.write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="Dear Jonas")
    with pytest.raises(NotFound):
        actions.release_letter(actor=ben, at=AT, letter_id=letter)
    with pytest.raises(NotFound):
        queries.letter(viewer=ben, at=AT, letter_id=letter)


def test_another_client_reads_no_letter() -> None:
    course, other = a_course(a_therapist()), a_course(a_therapist("Ben Stone"), name="Amina Bell")
    a_released_letter(course)
    letter = Letter.objects.get()
    with pytest.raises(NotFound):
        queries.own_letter(viewer=client_account(other), at=AT, letter_id=letter.id)
