"""Words after which whoever wrote them is shown help: a prompt to the writer, and no more."""

from __future__ import annotations

import pytest

from rapport.clinical.safety.words import shows_help


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I WANT TO DIE.",
        "i don’t want to live",
        "I don't   want\nto live any more",
        "It is not safe at home",
        "He hits me",
        "I think about suicide",
        "\u201cSuicide\u201d was the word",
        "I took an overdose last year",
    ],
)
def test_these_words_bring_help(text: str) -> None:
    assert shows_help(text)
    assert shows_help(text, "en-gb")


@pytest.mark.parametrize(
    "text", ["", "May I come at ten?", "We lived by the sea.", "I harvested rapeseed.", "He whits me"]
)
def test_these_do_not(text: str) -> None:
    assert not shows_help(text)
    assert not shows_help(text, "en-gb")


@pytest.mark.parametrize(
    "text", ["Ich möchte sterben.", "Ich will nicht mehr\nleben", "Er schlägt mich", "Manchmal denke ich an Suizid"]
)
def test_german_words_bring_help_on_any_page(text: str) -> None:
    assert shows_help(text, "de")
    assert shows_help(text, "en-gb")


@pytest.mark.parametrize(
    "text", ["Darf ich um zehn kommen?", "Ich bin nicht sicher, ob es passt.", "Wir leben am Meer."]
)
def test_these_german_ones_do_not(text: str) -> None:
    assert not shows_help(text, "de")


def test_a_language_without_words_shows_help_always() -> None:
    assert shows_help("Puis-je venir à dix heures ?", "fr")
