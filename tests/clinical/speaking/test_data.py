"""The sentences and cards are complete, each once, and usable as they stand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.speaking.comfort import paced_minutes
from rapport.clinical.speaking.feelings import cards, families
from rapport.clinical.speaking.ladder import CARRIES, MOST_CARDS, Rung, kept_of
from rapport.clinical.speaking.openers import Method, Moment, openers
from rapport.clinical.speaking.preparing import OPENS, may_prepare


def test_there_is_a_sentence_for_every_moment_in_every_method() -> None:
    assert len(openers()) >= 60
    assert {(each.moment, each.method) for each in openers()} == {(m, w) for m in Moment for w in Method}
    assert min(Counter(each.moment for each in openers()).values()) >= 7


def test_no_sentence_stands_twice_and_none_is_long() -> None:
    words = [each.words for each in openers()]
    assert len(set(words)) == len(words)
    assert max(len(each) for each in words) <= 140
    assert all(each[-1] in ".?" for each in words)


def test_no_sentence_judges() -> None:
    """Nobody who is silent is called resistant."""
    text = " ".join(each.words.lower() for each in openers())
    assert not [word for word in ("resist", "refus", "must", "non-compliant", "calm down", "just tell") if word in text]


def test_cards_lie_once_each() -> None:
    assert len(cards()) == sum(len(family.cards) for family in families()) >= 30
    assert len({card.words for card in cards().values()}) == len(cards())


def test_a_card_is_a_word_and_what_it_may_be_like() -> None:
    for family in families():
        assert family.words
        for card in family.cards:
            assert card == cards()[card.key]
            assert card.key == card.key.lower()
            assert card.words
            assert card.like
            assert card.words != card.like


def test_a_sentence_is_named_by_its_moment_and_its_method() -> None:
    for each in openers():
        assert each.key.startswith(f"{each.moment}.{each.method}.")


def test_what_a_rung_carries_is_kept_as_it_came() -> None:
    given = {"number": 4, "cards": ("a", "b", "c", "d"), "words": "I am here"}
    kept = {rung: kept_of(rung, **given) for rung in Rung}
    assert kept[Rung.NUMBER] == {"number": 4}
    assert kept[Rung.CARD] == {"cards": ["a", "b", "c"]}
    assert kept[Rung.SENTENCE] == {"words": "I am here"}
    assert not any(kept[rung] for rung in Rung if rung not in CARRIES)
    assert kept_of(Rung.NUMBER, number=0, cards=(), words="") == {"number": 0}
    assert not any(kept_of(rung, number=None, cards=(), words="") for rung in Rung)


@given(st.sampled_from(Rung), st.none() | st.integers(0, 10), st.lists(st.sampled_from(sorted(cards()))), st.text())
def test_a_rung_keeps_only_what_it_carries(rung: Rung, number: int | None, chosen: list[str], words: str) -> None:
    kept = kept_of(rung, number=number, cards=tuple(chosen), words=words)
    assert set(kept) <= {CARRIES.get(rung)}
    assert len(kept.get("cards", [])) <= MOST_CARDS


@given(st.timedeltas(-timedelta(days=9), timedelta(days=9)))
def test_an_hour_is_prepared_in_the_two_days_before_it(before: timedelta) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    at = start - before
    assert may_prepare(start=start, began=None, at=at) == (timedelta(0) < before <= OPENS)
    assert not may_prepare(start=start, began=at, at=at)


@given(st.integers(10, 240))
def test_an_interpreter_takes_half_as_long_again(minutes: int) -> None:
    assert abs(paced_minutes(minutes) - 1.5 * minutes) <= 0.5
