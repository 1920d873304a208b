"""Names, dates, addresses and numbers as people really have them."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.practice.clients.rules import wording
from rapport.practice.clients.rules.wording import DetailRefused

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "O’Brien",
        "Null",
        "True",
        "None",
        "李",
        "Björk",
        "Teller",
        "عبد الله",
        "Nguyễn Thị Hương",
        "José",
        "x" * 200,
    ],
)
def test_real_names_are_kept_as_they_are(name: str) -> None:
    assert wording.name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b",
        "123",
        "—",
        "Jo\x00nas",
        "Jo\ud800nas",
        "x" * 201,
        "e" + "\u0301" * 9,
        "Jonas \u202egro.live",
    ],
)
def test_what_is_no_name_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(DetailRefused) as refused:
        wording.name(name)
    assert refused.value.field == "name"


def test_two_ways_to_write_one_letter_are_one_name() -> None:
    assert wording.name(unicodedata.normalize("NFD", "Zoë")) == wording.name("Zoë")


@given(st.text(max_size=300))
def test_a_name_is_refused_or_settled(text: str) -> None:
    try:
        kept = wording.name(text)
    except DetailRefused:
        return
    assert kept
    assert kept == wording.name(kept)
    assert kept == kept.strip()
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("ZOË", "zoe"), ("İstanbul", "istanbul"), ("Ilgın", "ilgin"), ("O’Brien", "o'brien"), ("Strauß", "STRAUSS")],
)
def test_a_search_finds_both_forms(typed: str, asked: str) -> None:
    assert wording.folded(asked) in wording.folded(typed)


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("1990-02-28", date(1990, 2, 28)),
        ("28/2/1990", date(1990, 2, 28)),
        (" 28.02.1990 ", date(1990, 2, 28)),
        ("29/2/2024", date(2024, 2, 29)),
        ("2/3/2026", TODAY),
        ("", None),
    ],
)
def test_dates_of_birth_are_read_as_people_write_them(typed: str, born: date | None) -> None:
    assert wording.date_of_birth(typed, TODAY) == born


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("29/2/2023", "There is no 29 February 2023."),
        ("2023-02-29", "There is no 29 February 2023."),
        ("31.4.1990", "There is no 31 April 1990."),
        ("1/13/1990", "There is no month 13."),
        ("3/3/2026", "This day has not come yet. Check the year."),
        ("0001-01-01", "Nobody alive was born so long ago. Check the year."),
        ("1899-12-31", "Nobody alive was born so long ago. Check the year."),
        ("1900-01-01", "Nobody alive was born so long ago. Check the year."),
        ("1900", "“1900” is not a date. Write day/month/year, such as 28/2/1990."),
        ("soon", "“soon” is not a date. Write day/month/year, such as 28/2/1990."),
    ],
)
def test_dates_that_cannot_be_are_refused_by_name(typed: str, says: str) -> None:
    with pytest.raises(DetailRefused) as refused:
        wording.date_of_birth(typed, TODAY)
    assert str(refused.value) == says


@given(st.dates(min_value=TODAY - timedelta(days=365 * 120), max_value=TODAY))
def test_every_day_of_a_life_is_read_back(born: date) -> None:
    assert wording.date_of_birth(born.isoformat(), TODAY) == born
    assert wording.date_of_birth(f"{born.day}.{born.month}.{born.year}", TODAY) == born


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (wording.email, wording.phone, lambda typed: wording.date_of_birth(typed, TODAY)):
        try:
            read(text)
        except DetailRefused as refused:
            assert str(refused)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" jonas@Mail.Example ", "jonas@mail.example"),
        ("jonas+portal@mail.example", "jonas+portal@mail.example"),
        ("jonas@bücher.example", "jonas@xn--bcher-kva.example"),
        ("", ""),
    ],
)
def test_addresses_have_one_form(typed: str, kept: str) -> None:
    assert wording.email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["jonas", "@mail.example", "a@b", "a b@mail.example", "a@mail.example\nBcc: b@c.example"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(DetailRefused):
        wording.email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 (0)20-7946/0958", "+442079460958"),
        ("020 7946 0958", "02079460958"),
        ("", ""),
    ],
)
def test_numbers_have_one_form(typed: str, kept: str) -> None:
    assert wording.phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "ask my mother", "+44 20 7946 0958 0000 11", "+-", "٠٢٠٧٩٤٦"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(DetailRefused):
        wording.phone(typed)
