"""What helps to write a note loses no word and claims nothing about the client's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.sessions.notes import SECTIONS, NoteFormat, NoteMethod
from rapport.clinical.sessions.writing.carrying import open_points
from rapport.clinical.sessions.writing.initials import initials_of, names_to_hide, with_initials
from rapport.clinical.sessions.writing.marks import Mark, pieces, without_marks, word_count
from rapport.clinical.sessions.writing.prompts import prompt
from rapport.clinical.sessions.writing.wording import advices, look_over


@pytest.mark.parametrize("method", list(NoteMethod))
@pytest.mark.parametrize("form", list(NoteFormat))
def test_every_section_asks_for_something_in_every_method(form: NoteFormat, method: NoteMethod) -> None:
    assert all(prompt(method, section) for section in SECTIONS[form])


@given(st.text(alphabet="abc [](){}*\n", max_size=60))
def test_pieces_hold_every_word_in_order(text: str) -> None:
    for line in text.splitlines():
        assert "".join(words for _mark, words in pieces(line)) == without_marks(line)


def test_marks_are_read_in_any_case_and_an_unknown_one_is_text() -> None:
    assert list(pieces("[FACT] a [guess] b")) == [(Mark.FACT, "a [guess] b")]
    assert word_count({"text": "[said] one two", "plan": ""}) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("She is manipulative.", "manipulative"),
        ("Attention-seeking again.", "attention_seeking"),
        ("noncompliant with homework", "non_compliant"),
        ("Very resistant today.", "resistant"),
        ("He suffers from panic.", "suffers_from"),
        ("A recovered memory of the house.", "recovered_memory"),
        ("She must have been abused.", "certainly_abused"),
        ("Low risk.", "risk_grade"),
        ("Denies any thoughts.", "denies"),
    ],
)
def test_words_that_judge_are_found(text: str, code: str) -> None:
    assert [found.advice.code for found in look_over({"text": text})] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "“I am so manipulative,” she said.",
        "[said] My mother says I suffer from nerves.",
        "Admitted to hospital in May.",
        "Resisted the wish to leave.",
        "Spoke of her addiction and of the drink.",
        "",
    ],
)
def test_the_clients_own_words_and_ordinary_ones_are_left_alone(text: str) -> None:
    assert look_over({"text": text}) == ()


def test_each_advice_has_a_reason_and_something_better() -> None:
    assert all(advice.why and advice.better for advice in advices())
    assert len({advice.code for advice in advices()}) == len(advices())


@pytest.mark.parametrize(
    ("text", "shown", "count"),
    [
        ("Kate Mercer rang. Kate's plan.", "K. M. rang. K.'s plan.", 2),
        ("Mercer, kate and Mercerville.", "M., kate and Mercerville.", 1),
        ("Saw Anna-Lena. ANNA-LENA left.", "Saw A. L. A. L. left.", 2),
        ("Jonas came alone.", "Jonas came alone.", 0),
        ("Weber is his own name.", "Weber is his own name.", 0),
    ],
)
def test_other_peoples_names_become_initials(text: str, shown: str, count: int) -> None:
    hidden = names_to_hide(["Kate Mercer", "Anna-Lena", "Lena Weber"], "Jonas Weber")
    assert with_initials(text, hidden) == (shown, count)


@given(st.text(max_size=40), st.text(max_size=80))
def test_any_name_can_be_hidden_and_is_hidden_once(name: str, text: str) -> None:
    hidden = names_to_hide([name], "Jonas Weber")
    once, _count = with_initials(text, hidden)
    assert with_initials(once, {full: short for full, short in hidden.items() if len(full) > 3})[1] <= len(once)
    assert initials_of(name) == initials_of(f" {name} ")


@pytest.mark.parametrize(
    ("sections", "open_words"),
    [
        ({"data": "x", "plan": " Go on. "}, "Go on."),
        ({"text": "Much.\n\nNext: the letter.\n\nOpen – her sister."}, "Next: the letter.\n\nOpen – her sister."),
        ({"text": "Planned nothing."}, ""),
        ({}, ""),
    ],
)
def test_what_is_still_open(sections: dict[str, str], open_words: str) -> None:
    assert open_points(sections) == open_words
