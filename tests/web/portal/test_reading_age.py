"""A reader of eleven can follow: the words of every page a client sees, by the formula of Kincaid et al. (1975).

grade = 0.39 · words per sentence + 11.8 · syllables per word − 15.59 (*Derivation of New Readability Formulas for Navy
Enlisted Personnel*). A grade of six is about eleven years. Only what has at least four words counts as a sentence, so
that buttons and headings do not make a page look simpler than it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from statistics import fmean
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.episodes import offered
from tests.factories.exercises import a_task
from tests.factories.measures import a_form
from tests.factories.organisation import a_practice
from tests.factories.people import a_therapist, client_account, signed_in

from rapport.clinical.exercises.tasks import TaskState
from rapport.practice.episodes.actions import add_goal
from rapport.practice.exercises.actions import say_task
from rapport.practice.foundation import clock
from rapport.practice.safety.actions import write_safety_plan
from rapport.practice.safety.choices import PlanEntry, SafetyPlanStep

GRADE, TOLERANCE = 6.0, 2.0
FEWEST_WORDS = 4
ENDS_A_SENTENCE = frozenset(
    {"p", "li", "h1", "h2", "h3", "legend", "label", "button", "a", "dt", "dd", "summary", "div", "td", "th", "option"}
)
SKIPPED = frozenset({"script", "style", "svg", "select", "textarea"})
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end is none.

    >>> [syllables(word) for word in ("plan", "therapist", "safe", "little")]
    [1, 3, 1, 2]
    """
    bare = word.lower().strip("’'-")
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and len(VOWELS.findall(bare)) > 1:
        bare = bare[:-1]
    return max(1, len(VOWELS.findall(bare)))


def grade(sentences: list[str]) -> float:
    """The school grade of a text, sentence by sentence."""
    words = [WORD.findall(sentence) for sentence in sentences]
    counted = [found for found in words if len(found) >= FEWEST_WORDS]
    if not counted:
        return 0.0
    total = sum(map(len, counted))
    return 0.39 * total / len(counted) + 11.8 * sum(syllables(word) for one in counted for word in one) / total - 15.59


@dataclass
class Main(HTMLParser):
    """The sentences of a page's main part."""

    page: str
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.inside, self.skipping, self.text = False, 0, ""
        self.feed(self.page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        self.skipping += tag in SKIPPED
        if tag in ENDS_A_SENTENCE:
            self.ends()

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in SKIPPED
        if tag in ENDS_A_SENTENCE or tag == "main":
            self.ends()
        if tag == "main":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and not self.skipping:
            self.text += " " + data

    def ends(self) -> None:
        self.found += re.split(r"(?<=[.!?:])\s+", " ".join(self.text.split()))
        self.text = ""


@dataclass
class Reader:
    """A client for whom every page has something to say."""

    browser: Browser
    task: UUID
    said: UUID


@pytest.fixture
def reader() -> Reader:
    a_practice()
    course, _contract = offered(a_therapist())
    client = client_account(course)
    at = clock.now()
    a_form(course, client)
    add_goal(actor=client, at=at, episode_id=course.episode, words_of_client="See my sister again", value=3)
    steps = {SafetyPlanStep.THINGS_I_CAN_DO_ALONE: (PlanEntry("I go for a walk"),)}
    write_safety_plan(actor=client, at=at, client_id=course.client, steps=steps, based_on=0)
    said, task = a_task(course, at=at), a_task(course, at=at)
    say_task(actor=client, at=at, task_id=said, state=TaskState.PARTLY)
    return Reader(signed_in(client), task, said)


def pages(reader: Reader) -> dict[str, str]:
    """Every page of the portal that hangs on nothing but the client, and the public ones a client may need."""
    plain = (
        "home",
        "tasks",
        "forms",
        "course",
        "plan",
        "edit_plan",
        "help",
        "goals",
        "sessions",
        "agreement",
        "letter",
        "me",
    )
    found = {name: reverse(f"portal:{name}") for name in plain}
    found |= {"task": reverse("portal:task", args=[reader.task])}
    found |= {"learned": reverse("portal:task_learned", args=[reader.said])}
    return {**found, "help_now": reverse("entrance:help_now")}


def test_the_formula_agrees_with_itself() -> None:
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    hard = "Psychotherapeutic confidentiality necessitates individually negotiated contractual arrangements."
    assert grade([hard]) > 20 > GRADE > grade(["You can call us at any time."])


def test_a_reader_of_eleven_can_follow_every_page(reader: Reader) -> None:
    grades = {}
    for name, path in pages(reader).items():
        answer = reader.browser.get(path)
        assert answer.status_code == 200, name
        grades[name] = grade(Main(answer.content.decode()).found)
    shown = {name: round(value, 1) for name, value in grades.items()}
    assert fmean(grades.values()) <= GRADE, shown
    assert max(grades.values()) <= GRADE + TOLERANCE, shown
