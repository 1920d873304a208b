"""When a form is asked, how much at once, which forms suit a problem, and text that is brought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.burden import burden
from rapport.clinical.measures.own_text import Wording, WordingDoesNotFit, with_wording
from rapport.clinical.measures.registry import available_packs, instruments, load_instrument
from rapport.clinical.measures.rhythm import Occasion, Rhythm, is_due
from rapport.clinical.measures.sets import measure_sets

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
WEEKS = [NOW - DAY * 7 * week for week in range(8, 0, -1)]
AHEAD = Occasion(WEEKS, NOW + DAY)
ALL = {one.id: one for one in instruments(packs=available_packs())}


def test_before_each_session() -> None:
    each = Rhythm.EACH_SESSION
    assert is_due(each, None, None, Occasion(), NOW)
    assert not is_due(each, None, NOW - 4 * DAY, Occasion(), NOW)
    assert is_due(each, None, NOW - 5 * DAY, Occasion(), NOW)
    assert is_due(each, None, NOW - 6 * DAY, AHEAD, NOW)
    assert not is_due(each, None, NOW - 6 * DAY, Occasion(WEEKS, NOW + 5 * DAY), NOW)
    assert not is_due(each, None, NOW - DAY, AHEAD, NOW)
    opens_now = Occasion(WEEKS, NOW + 3 * DAY)
    assert is_due(each, None, NOW - 6 * DAY, opens_now, NOW)
    assert not is_due(each, None, NOW, opens_now, NOW)  # answered the moment it opened


def test_once_is_once() -> None:
    assert is_due(Rhythm.ONCE, None, None, AHEAD, NOW)
    assert not is_due(Rhythm.ONCE, None, NOW - 90 * DAY, AHEAD, NOW)


@pytest.mark.parametrize(("held_since", "due"), [(3, False), (4, True), (5, True)])
def test_every_four_sessions(held_since: int, due: bool) -> None:
    last = WEEKS[-held_since] - timedelta(hours=2)
    assert is_due(Rhythm.EVERY_N, 4, last, AHEAD, NOW) is due


def test_a_number_of_sessions_that_nobody_gave_is_one() -> None:
    assert is_due(Rhythm.EVERY_N, None, WEEKS[-1] - timedelta(hours=2), AHEAD, NOW)


def test_monthly_is_four_weeks_at_the_next_session() -> None:
    assert not is_due(Rhythm.MONTHLY, None, NOW - 26 * DAY, AHEAD, NOW)
    assert is_due(Rhythm.MONTHLY, None, NOW - 27 * DAY, AHEAD, NOW)
    assert not is_due(Rhythm.MONTHLY, None, NOW - 60 * DAY, Occasion(WEEKS, NOW + 9 * DAY), NOW)


def test_at_a_review_only() -> None:
    assert is_due(Rhythm.AT_REVIEW, None, None, Occasion(WEEKS, NOW + DAY, reviews=(9,)), NOW)
    assert not is_due(Rhythm.AT_REVIEW, None, NOW - DAY, Occasion(WEEKS, NOW + DAY, reviews=(9,)), NOW)
    assert not is_due(Rhythm.AT_REVIEW, None, None, Occasion(WEEKS, NOW + DAY, reviews=(6, 16)), NOW)
    assert not is_due(Rhythm.AT_REVIEW, None, None, Occasion(WEEKS, NOW + 9 * DAY, reviews=(9,)), NOW)


def test_at_the_end_once() -> None:
    ending = Occasion(WEEKS, NOW + DAY, ending_since=NOW - 7 * DAY)
    assert not is_due(Rhythm.AT_END, None, None, AHEAD, NOW)
    assert is_due(Rhythm.AT_END, None, NOW - 90 * DAY, ending, NOW)
    assert not is_due(Rhythm.AT_END, None, NOW - 6 * DAY, ending, NOW)
    assert not is_due(Rhythm.AT_END, None, NOW - 7 * DAY, ending, NOW)


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ([(Rhythm.EACH_SESSION, 5), (Rhythm.EACH_SESSION, 10)], None),
        ([(Rhythm.EACH_SESSION, 16)], 15),
        ([(Rhythm.ONCE, 60)], None),
        ([(Rhythm.ONCE, 61)], 60),
        ([(Rhythm.EACH_SESSION, 15), (Rhythm.MONTHLY, 20), (Rhythm.EVERY_N, 26)], 60),
        ([(Rhythm.EACH_SESSION, 15), (Rhythm.MONTHLY, 40), (Rhythm.AT_END, 40)], None),
    ],
)
def test_how_much_is_too_much(asked: list[tuple[Rhythm, int]], most: int | None) -> None:
    excess = burden(asked).excess
    assert (excess.most if excess else None) == most


@pytest.mark.parametrize("later", [Rhythm.EVERY_N, Rhythm.MONTHLY, Rhythm.AT_REVIEW, Rhythm.AT_END])
def test_the_fullest_day_counts_whatever_falls_on_it(later: Rhythm) -> None:
    assert burden([(Rhythm.EACH_SESSION, 10), (later, 20)]).fullest_day == 30


def test_what_was_too_much_before_is_not_said_again() -> None:
    before = burden([(Rhythm.EACH_SESSION, 17)])
    assert burden([(Rhythm.EACH_SESSION, 17), (Rhythm.MONTHLY, 20)]).excess_beside(before) is None
    more = burden([(Rhythm.EACH_SESSION, 18)]).excess_beside(before)
    assert more is not None
    assert more.asked == 18


@pytest.mark.parametrize("domain", ProblemDomain)
@pytest.mark.parametrize("packs", [(), available_packs()])
def test_every_set_fits_under_its_own_caps_whichever_packs_are_here(
    domain: ProblemDomain, packs: tuple[str, ...]
) -> None:
    here = {one.id for one in instruments(packs=packs) if one.can_be_asked}
    forms = [(form.rhythm, form.taken_by(here)) for form in measure_sets()[domain]]
    taken = [(rhythm, len(ALL[name].items)) for rhythm, name in forms if name]
    assert len(taken) >= 1
    assert burden(taken).excess is None


def test_sets_say_how_often_each_form_is_asked() -> None:
    forms = {form.any_of[0]: form for form in measure_sets()[ProblemDomain.BEHAVIOURAL]}
    assert (forms["phq9"].rhythm, forms["phq9"].every) == (Rhythm.EACH_SESSION, None)
    assert (forms["gad7"].rhythm, forms["audit"].rhythm) == (Rhythm.MONTHLY, Rhythm.ONCE)
    for form in (form for forms in measure_sets().values() for form in forms):
        assert (form.rhythm is Rhythm.EVERY_N) == (form.every is not None)


def test_sets_name_instruments_that_exist_and_growth_is_not_forced_into_symptoms() -> None:
    named = {name for forms in measure_sets().values() for form in forms for name in form.any_of}
    assert named <= set(ALL)
    growth = {name for form in measure_sets()[ProblemDomain.PERSONAL_GROWTH] for name in form.any_of}
    assert {ALL[name].concept for name in growth} == {"wellbeing"}


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording("s", ("a",) * 5, ("0", "1", "2", "3", "4")), "items"),
        (Wording("s", ("a",) * 6, ("0", "1")), "answers"),
        (Wording("s", ("a",) * 5 + ("",), ("0", "1", "2", "3", "4")), "items"),
        (Wording("s" * 1001, ("a",) * 6, ("0", "1", "2", "3", "4")), "stem"),
    ],
)
def test_text_of_another_shape_is_refused_by_its_part(wording: Wording, field: str) -> None:
    with pytest.raises(WordingDoesNotFit) as refused:
        with_wording(load_instrument("k6"), wording)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("name", "items", "answers"), [("audit", 10, 5), ("epds", 10, 4), ("isi", 7, 5), ("csi4", 4, 6)]
)
def test_answers_that_differ_by_question_are_not_given_one_row_of_words(name: str, items: int, answers: int) -> None:
    skeleton = load_instrument(name)
    with pytest.raises(WordingDoesNotFit) as refused:
        with_wording(skeleton, Wording("s", ("q",) * items, ("a",) * answers))
    assert refused.value.field == "answers"
    assert (skeleton.takes_wording, skeleton.is_skeleton) == (False, True)


def test_whatever_takes_wording_offers_the_same_numbers_everywhere() -> None:
    for one in ALL.values():
        if one.takes_wording:
            assert len({tuple(option.value for option in item.options) for item in one.items}) == 1, one.id


def test_what_has_its_words_takes_none() -> None:
    with pytest.raises(WordingDoesNotFit):
        with_wording(load_instrument("phq9"), Wording("s", ("q",), ("a",)))


def test_text_that_is_brought_becomes_the_question_and_its_answers() -> None:
    longest = "q" * 1000
    k6 = with_wording(load_instrument("k6"), Wording("Lately", (longest, *"bcdef"), tuple("vwxyz")))
    assert k6.stem == "Lately"
    assert [item.text for item in k6.items] == [longest, *"bcdef"]
    for item in k6.items:
        assert [(option.value, option.label) for option in item.options] == list(enumerate("vwxyz"))


def test_at_the_beginning_everything_that_is_due_counts() -> None:
    asked = [(Rhythm.ONCE, 30), (Rhythm.EACH_SESSION, 10), (Rhythm.EVERY_N, 15), (Rhythm.MONTHLY, 10)]
    assert burden(asked).at_once == 65
    excess = burden(asked).excess
    assert excess is not None
    assert (excess.asked, excess.most) == (65, 60)
    later = [(Rhythm.ONCE, 30), (Rhythm.EACH_SESSION, 10), (Rhythm.AT_REVIEW, 15), (Rhythm.AT_END, 10)]
    assert burden(later).at_once == 40
