"""No message tells a bystander what the practice does."""

from __future__ import annotations

import pytest

from rapport.practice.organisation.rules import telling_word
from rapport.practice.post.rules import TEMPLATES, words

BLANKS = {"link": "https://lindenhof.example/welcome/kZk1", "when": "Tuesday 3 March, 10:00"}
FORBIDDEN = (
    "therapy", "therapist", "psycho", "phq", "gad", "depression", "anxiety", "suicid", "clinic", "mental", "counsel",
    "session", "questionnaire", "score", "diagnos", "treatment", "patient",
)  # fmt: skip


@pytest.mark.parametrize("kind", TEMPLATES)
def test_no_template_has_a_telling_word(kind: str) -> None:
    params = {name: BLANKS[name] for name in TEMPLATES[kind].params}
    written = words(kind, params, practice="Lindenhof", phone="+44 20 7946 0958")
    text = f"{written.subject} {written.body}".lower()
    assert not [word for word in FORBIDDEN if word in text]
    assert telling_word(text) == ""
    assert "\n" not in written.subject
    assert written.body.endswith("Lindenhof\n+44 20 7946 0958\n")


@pytest.mark.parametrize("text", ["Psychotherapy Ltd", "The PHQ-9", "DEPRESSION", "ｔｈｅｒａｐｙ", "your therapist"])
def test_telling_words_are_found_however_they_are_written(text: str) -> None:
    assert telling_word(text)
