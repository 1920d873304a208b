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
    ("CBT worked with six in ten clients.", ["worked with six"]),
    ("It worked with most of them", ["worked with most"]),
    ("Scores fell because they had CBT.", ["because they had CBT"]),
    ("Six in ten recovered because they received sixteen sessions", ["because they received sixteen sessions"]),
    ("Half improved because therapy reduced their worry.", ["because therapy"]),
    ("They are better as a result of therapy.", ["as a result of"]),
    ("We do not know every detail, CBT works.", ["works"]),
    ("Whether young or old, therapy works", ["works"]),
    ("While we cannot prove everything, our therapy was effective.", ["effective"]),
    ("We cannot say why although therapy works", ["works"]),
    ("We cannot say why (therapy works)", ["works"]),
    ("Nobody can say why – CBT cured them", ["cured"]),
    ("We do not know why and therapy works.", ["works"]),
    ("The fall of 5.3 points was caused by missing data.", ["caused"]),
    ("Our service was responsible for the recovery of half.", ["responsible for the recovery"]),
    ("Therapy helped six in ten.", ["Therapy helped"]),
    ("Therapy was effective from the first session.", ["effective"]),
    ("The cause is not only time: CBT works", ["cause", "works"]),
    ("CBT works on depression", ["works"]),
    ("Our service works.", ["works"]),
    ("CBT still works.", ["works"]),
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
    "The group still works on its shared goals.",
    "The clinic works closely with schools; our service works with young people.",
    "She worked with six families, and the team works with many schools.",
    "We cannot say therapy works.",
    "Negated: we cannot say therapy works.",
    "We cannot say that the fall of 5.3 points was caused by therapy.",
    "It is not shown so far that therapy works.",
    "We cannot say, with so few clients, that therapy works.",
    "These figures cannot show, in 2025 or later, whether therapy was effective.",
    "We cannot show that therapy works, or that it was effective.",
    "Causality is not shown.",
    "The effectiveness of our work cannot be judged from this.",
    "A cause was not looked for. Causes remain unclear.",
    "The low pairing is a cause for concern.",
    "Ms Example is responsible for data protection.",
    "One colleague is responsible for the outcome measures.",
    "The new form is effective from 1 April; the rule is effective immediately.",
    "The next report is due to appear in May.",
    "Reaching those who left proved difficult.",
    "This page explains how the report works.",
    "Scores are missing because sessions were cancelled.",
    "Few answered because therapy ended early.",
    "Nothing here shows that therapy works.",
    "With so few it is impossible to say whether it caused anything.",
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
