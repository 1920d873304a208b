"""The house rule of the sliders, the rhythm, the words of ruptures, the arithmetic of licensed forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.alliance.forms import AllianceForm, UnknownForm, alliance_form, alliance_forms, score_form
from rapport.clinical.alliance.rhythm import is_asked, is_due, next_asked
from rapport.clinical.alliance.ruptures import Repaired, RuptureKind, RuptureState, rupture_state, vocabulary
from rapport.clinical.alliance.sliders import (
    HourSaid,
    Reason,
    Slider,
    Why,
    WorthAsking,
    check_slider,
    usual,
    worth_asking,
)
from rapport.clinical.alliance.speaking_freely import Compared, compared
from rapport.clinical.kernel.errors import OutOfRange

VALUES = st.one_of(st.none(), st.integers(0, 10))
HOURS = st.lists(st.builds(HourSaid, st.fixed_dictionaries(dict.fromkeys(Slider, VALUES)), st.booleans()), max_size=8)


def heard(*values: int | None) -> list[HourSaid]:
    return [HourSaid({Slider.HEARD: value}) for value in values]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ((9, 9, 9, 8), []),
        ((9, 9, 9, 7), [Why.DROP]),
        ((8, 8, 8, 6), [Why.DROP]),  # a drop to a low value is one reason, not two
        ((7,), []),
        ((6,), [Why.LOW]),
        ((2, 10, 10, 10, 8), [Why.DROP]),  # only the last three count
        ((9, None, 9, 7), [Why.DROP]),
        ((9, 9, None), []),
    ],
)
def test_the_house_rule(values: tuple[int | None, ...], why: list[Why]) -> None:
    assert [reason.why for reason in worth_asking(heard(*values)).reasons] == why


def test_low_and_rising_is_said_to_rise() -> None:
    (reason,) = worth_asking(heard(3, 4, 5)).reasons
    assert (reason.why, reason.rising, reason.usual) == (Why.LOW, True, 3.5)


def test_a_comment_is_always_worth_asking_about() -> None:
    hours = [*heard(9, 9), HourSaid({Slider.HEARD: 10}, comment=True)]
    assert [reason.why for reason in worth_asking(hours).reasons] == [Why.COMMENT]


def test_flat_tens_are_named_and_alarm_nobody() -> None:
    full = HourSaid(dict.fromkeys(Slider, 10))
    assert worth_asking([full, full]).flat_tens is False
    found = worth_asking([full, HourSaid({}), full, full])
    assert (found.flat_tens, found.reasons) == (True, ())


def test_every_card_is_a_house_rule_and_nothing_is_added_up() -> None:
    found = worth_asking([HourSaid(dict.fromkeys(Slider, 8)), HourSaid(dict.fromkeys(Slider, 5))])
    assert {card.evidence for card in found.cards} == {"C"}
    assert [card.value for card in found.cards] == [-3] * 4
    assert not any("total" in card.name for card in found.cards)


def test_without_an_answer_before_the_card_says_so() -> None:
    (card,) = worth_asking(heard(9)).cards
    assert (card.value, card.reason) == (None, "no_answer_before")


@given(HOURS)
def test_skipped_is_never_zero(hours: list[HourSaid]) -> None:
    found = worth_asking(hours)
    asked = {reason.slider for reason in found.reasons if reason.slider}
    assert asked <= (set(hours[-1].known) if hours else set())
    assert len(found.cards) == (len(hours[-1].known) if hours else 0)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=8))
def test_the_usual_lies_between_the_last_three(values: list[int]) -> None:
    own = usual(heard(*values), Slider.HEARD)
    assert own is not None
    assert min(values[-3:]) <= own <= max(values[-3:])


@pytest.mark.parametrize("value", [-1, 11, 7.5, True])
def test_values_off_the_scale_are_refused(value: int) -> None:
    with pytest.raises(OutOfRange) as refused:
        worth_asking(heard(value))
    assert refused.value.field == "value"
    assert [check_slider(end) for end in (0, 10)] == [0, 10]


def test_a_reason_to_ask_says_of_what_and_beside_what() -> None:
    assert worth_asking(heard(9, 9, 7)).reasons == (Reason(Why.DROP, Slider.HEARD, 7, 9, False),)
    assert worth_asking(heard(5, 5)).reasons == (Reason(Why.LOW, Slider.HEARD, 5, 5, False),)
    assert worth_asking(heard(4, 6)).reasons == (Reason(Why.LOW, Slider.HEARD, 6, 4, True),)
    assert worth_asking(heard(6)).reasons == (Reason(Why.LOW, Slider.HEARD, 6, None, False),)
    assert worth_asking([HourSaid({}, comment=True)]).reasons == (Reason(Why.COMMENT, None, None, None, False),)
    assert worth_asking([]) == WorthAsking((), (), False)


def test_the_card_of_a_slider_says_from_which_answers() -> None:
    (card,) = worth_asking(heard(2, None, 9, 8, 7, 6)).cards
    assert (card.name, card.value, card.n, card.missing) == ("slider_heard", -2, 3, 1)
    assert card.inputs == (("last", 6), ("usual", 8))
    assert (card.unit, card.formula) == ("points", "last answer − median of the client's own last three before it")
    assert (card.version, card.source) == ("worth_asking/1", "House rule on own, unvalidated 0–10 questions")


@pytest.mark.parametrize(
    ("hours", "flat"),
    [
        ((10, 10, 10), True),
        ((9, 10, 10, 10), True),
        ((10, 10, 9), False),
        ((10, 10), False),
        ((10, 10, None, 10), True),
    ],
)
def test_three_hours_of_nothing_but_tens_are_flat(hours: tuple[int | None, ...], flat: bool) -> None:
    assert worth_asking(heard(*hours)).flat_tens is flat


def test_speaking_freely_is_compared_with_oneself() -> None:
    assert compared([4, 4, 4, 6]) is Compared.MORE
    assert compared([6, 6, 4]) is Compared.LESS
    assert compared([6, 7]) is Compared.SIMILAR
    assert compared([6]) is Compared.FIRST
    assert compared([]) is Compared.NOTHING
    assert compared([0, 5, 5, 5, 4]) is Compared.SIMILAR  # the median of the last three, not of all
    assert compared([10, 10, 2, 2, 2, 4]) is Compared.MORE
    assert compared([7, 5]) is Compared.LESS
    with pytest.raises(OutOfRange):
        compared([5, 11])


def test_longer_forms_come_after_the_third_the_sixth_the_tenth_and_then_every_sixth() -> None:
    assert [number for number in range(-2, 30) if is_asked(number)] == [3, 6, 10, 16, 22, 28]
    assert [next_asked(held) for held in (0, 2, 3, 6, 9, 10, 15, 16)] == [3, 3, 6, 10, 10, 16, 16, 22]
    assert [is_due(held, None) for held in (0, 2, 3)] == [False, False, True]
    assert [is_due(held, 3) for held in (3, 5, 6, 7)] == [False, False, True, True]
    assert is_due(1, 0) is False


@given(st.integers(0, 60))
def test_the_rhythm_asks_next_where_it_asks(held: int) -> None:
    then = next_asked(held)
    assert then > held
    assert is_asked(then)
    assert not any(is_asked(number) for number in range(held + 1, then))
    assert is_due(then, held)
    assert not is_due(held, held)


def test_a_rupture_waits_two_sessions() -> None:
    assert rupture_state(Repaired.NO, 1) is RuptureState.FRESH
    assert rupture_state(Repaired.PARTLY, 2) is RuptureState.OPEN
    assert rupture_state(Repaired.YES, 9) is RuptureState.REPAIRED


def test_the_words_of_a_memo_are_ours_and_name_their_source() -> None:
    words = vocabulary()
    assert "Eubanks" in words.source
    assert len(words.markers) == 14
    codes = [term.code for term in (*words.markers, *words.strategies)]
    assert len(set(codes)) == len(codes)
    assert set(words.markers_of(RuptureKind.MIXED)) == set(words.markers)
    assert not any("resist" in term.words for term in words.markers)
    by_kind = [words.markers_of(kind) for kind in (RuptureKind.WITHDRAWAL, RuptureKind.CONFRONTATION)]
    assert set(by_kind[0]) | set(by_kind[1]) == set(words.markers)
    assert {term.kind for term in by_kind[0]} == {RuptureKind.WITHDRAWAL}
    assert all(term.words for term in (*words.markers, *words.strategies))
    assert {term.kind for term in words.strategies} == {None}
    assert words.questions


def test_forms_ship_arithmetic_and_no_wording() -> None:
    assert [(form.items, form.low, form.high) for form in alliance_forms()] == [(5, 1, 7), (19, 1, 6), (12, 1, 5)]
    assert not any(hasattr(form, "texts") or hasattr(form, "bands") for form in alliance_forms())


def test_arm5_after_cahill_2012() -> None:
    """Five items 1–7, the third reversed, mean."""
    card = score_form(alliance_form("arm5"), {1: 6, 2: 7, 3: 2, 4: 5, 5: 6})["total"]
    assert card.value == pytest.approx((6 + 7 + 6 + 5 + 6) / 5)
    assert (card.verified, card.evidence) == (True, "B")
    assert (card.name, card.formula, card.version) == (
        "ARM-5 total", "mean of 5 items, reversed ones turned", "arm5/1",
    )  # fmt: skip
    assert (card.n, card.missing, card.reason, card.source) == (5, 0, "", "Cahill et al. 2012")
    assert alliance_form("arm5").span == (1, 7)


def test_wai_sr_after_hatcher_and_gillaspy_2006() -> None:
    answers = dict.fromkeys(range(1, 13), 3) | dict.fromkeys((1, 2, 10, 12), 5)
    cards = score_form(alliance_form("wai_sr"), answers)
    assert {key: card.value for key, card in cards.items()} == {"total": 44, "task": 20, "goal": 12, "bond": 12}


def test_haq2_turns_its_five_negative_items_and_is_not_verified() -> None:
    best = {number: 1 if number in (4, 8, 11, 16, 19) else 6 for number in range(1, 20)}
    card = score_form(alliance_form("haq2"), best)["total"]
    assert (card.value, card.verified) == (114, False)
    assert alliance_form("haq2").span == (19, 114)


@pytest.mark.parametrize("form", alliance_forms(), ids=lambda form: form.id)
def test_a_missing_item_leaves_its_scale_unknown(form: AllianceForm) -> None:
    cards = score_form(form, {number: form.high for number in form.numbers if number != 1})
    assert (cards["total"].value, cards["total"].reason) == (None, "items_missing")
    assert (cards["total"].n, cards["total"].missing) == (form.items - 1, 1)
    for number, answer in [(form.items + 1, 1), (0, 1), (1, form.high + 1), (1, form.low - 1), (2, True), (2, 1.5)]:
        with pytest.raises(OutOfRange) as refused:
            score_form(form, {number: answer})
        assert refused.value.field == f"item {number}"
    for answer in (form.low, form.high, None):
        assert score_form(form, {form.items: answer})["total"].n == (answer is not None)


def test_another_form_is_unknown() -> None:
    with pytest.raises(UnknownForm) as refused:
        alliance_form("srs")
    assert refused.value.field == "form"


def test_a_form_without_reversed_items_says_so() -> None:
    wai = score_form(alliance_form("wai_sr"), dict.fromkeys(range(1, 13), 4))
    assert {key: (card.formula, card.n) for key, card in wai.items()} == {
        "total": ("sum of 12 items", 12), "task": ("sum of 4 items", 4), "goal": ("sum of 4 items", 4),
        "bond": ("sum of 4 items", 4),
    }  # fmt: skip
    assert alliance_form("wai_sr").span == (12, 60)
