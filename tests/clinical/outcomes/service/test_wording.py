"""What a conclusion may say of uncontrolled data."""

import pytest

from rapport.clinical.outcomes.service.parts import (
    Aside,
    Counted,
    Curve,
    Design,
    LimitCode,
    MissingMethod,
    RateCode,
    Rule,
    Step,
)
from rapport.clinical.outcomes.service.wording import Better, refused_words
from rapport.clinical.outcomes.service.words import (
    ASIDES,
    BETTER,
    COUNTED,
    CURVES,
    LIMITS,
    MISSING,
    RATES,
    RULES,
    STEPS,
)

REFUSED = [
    ("Therapy caused the recovery.", ["caused"]),
    ("CAUSES, Causing and causation", ["CAUSES", "Causing", "causation"]),
    ("Our service is effective.", ["effective"]),
    ("Its cost-effectiveness is clear; it was highly EFFECTIVE", ["cost-effectiveness", "EFFECTIVE"]),
    ("CBT works.", ["works"]),
    ("It worked for most clients.", ["worked"]),
    ("What we do is working.", ["is working"]),
    ("Group therapy didn’t work", ["didn’t work"]),
    ("Therapy led\nto recovery", ["led\nto"]),
    ("Scores fell because of therapy", ["because of"]),
    ("This proves the efficacy of our approach", ["proves", "efficacy"]),
    ("The effect of the treatment was large", ["effect of the treatment"]),
    ("It is eff\u00adective and e\u200bffective", ["eff\u00adective", "e\u200bffective"]),
    ("ｅｆｆｅｃｔｉｖｅ", ["ｅｆｆｅｃｔｉｖｅ"]),
    ("We cannot say why, but it works.", ["works"]),
    ("Nothing is proven here. Therapy cured them.", ["proven", "cured"]),
]
ALLOWED = [
    "Clients changed by 6 points between their first and last score.",
    "The team works with young people, and each therapist worked 20 hours.",
    "These figures cannot show whether therapy was effective.",
    "This is no proof that it works, and we do not know what caused the change.",
    "Half improved because the questionnaires were kept short",
    "Our work in 2025; the workshop; the working group",
    "A cause for concern would be the pairing.".replace("cause for concern", "reason for concern"),
    "Therapists who worked part-time saw fewer clients.",
    "",
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_refused(text: str, words: list[str]) -> None:
    found = refused_words(text)
    assert [one.word for one in found] == words
    assert all(text[one.start : one.end] == one.word for one in found)


@pytest.mark.parametrize("text", ALLOWED)
def test_allowed(text: str) -> None:
    assert refused_words(text) == ()


def test_with_a_control_every_word_is_free() -> None:
    assert refused_words("The treatment caused the difference and is effective.", Design.CONTROLLED) == ()


@pytest.mark.parametrize(
    "word", ["caused", "effective", "works", "worked", "effectiveness", "causes", "treatment effect"]
)
def test_a_better_sentence_is_offered(word: str) -> None:
    (found,) = refused_words(f"It {word}")
    sentence = BETTER[found.better]
    assert refused_words(sentence) == ()


def test_every_code_has_its_words() -> None:
    for codes, words in (
        (RateCode, RATES), (Counted, COUNTED), (Step, STEPS), (Aside, ASIDES), (Rule, RULES), (MissingMethod, MISSING),
        (Curve, CURVES), (LimitCode, LIMITS), (Better, BETTER),
    ):  # fmt: skip
        assert set(codes) == set(words)


def test_the_house_keeps_its_own_rule() -> None:
    for words in (RATES, COUNTED, STEPS, ASIDES, RULES, MISSING, CURVES, LIMITS):
        for sentence in words.values():
            assert refused_words(sentence) == (), sentence
