"""What a client reads, agrees to and wants."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.episodes import Referred, offered, referred
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in

from rapport.practice.clients.choices import Purpose
from rapport.practice.clients.queries import has_consented
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import Acceptance, Goal
from rapport.practice.episodes.queries import episode, goal_series


@pytest.fixture
def offer() -> tuple[Referred, Any]:
    a_practice()
    return offered(a_therapist())


def portal(course: Course) -> Browser:
    return signed_in(client_account(course, "Amina Bakari"))


def where(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def body(page: Any) -> str:
    text: str = page.content.decode()
    return text


def test_the_client_reads_and_says_yes(offer: tuple[Referred, Any]) -> None:
    course, contract = offer
    mine = portal(course)
    page = body(mine.get(where("agreement")))
    assert page.index("116 123") < page.index("Yes, I agree")
    assert "72.50 GBP" in page
    answer = mine.post(where("agreement_accept", contract), {"crisis_shown": "on", "treatment": "on"})
    assert answer.status_code == 303
    assert "You said yes" in body(mine.get(where("agreement")))
    assert has_consented(course.client, Purpose.TREATMENT, at=Acceptance.objects.get().at)
    facts = episode(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert facts.state is EpisodeState.CONTRACTED


@pytest.mark.parametrize("ticked", [{}, {"crisis_shown": "on"}, {"treatment": "on"}])
def test_half_a_yes_is_none(offer: tuple[Referred, Any], ticked: dict[str, str]) -> None:
    course, contract = offer
    answer = portal(course).post(where("agreement_accept", contract), ticked)
    assert answer.status_code == 422
    assert "Our agreement" in body(answer)
    assert not Acceptance.objects.exists()


def test_nobody_accepts_for_another(offer: tuple[Referred, Any]) -> None:
    course, contract = offer
    other, _ = offered(course.therapist, "Zoe Hart")
    mine = portal(other)
    both = {"crisis_shown": "on", "treatment": "on"}
    foreign = mine.post(where("agreement_accept", contract), both)
    unknown = mine.post(where("agreement_accept", uuid4()), both)
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    assert signed_in(course.therapist).post(where("agreement_accept", contract), both).status_code == 403
    assert not Acceptance.objects.exists()


def test_before_anything_is_offered_the_pages_say_so() -> None:
    a_practice()
    mine = portal(referred(a_therapist()))
    assert "There is nothing to agree on yet" in body(mine.get(where("agreement")))
    assert "No goal yet" in body(mine.get(where("goals")))


def test_a_client_sets_rates_and_reaches_goals() -> None:
    a_practice()
    course = a_course(a_therapist())
    mine = portal(course)
    wrong = mine.post(where("goal_add"), {"words": "x" * 301})
    assert wrong.status_code == 422
    assert "x" * 301 in body(wrong)
    assert mine.post(where("goal_add"), {"words": "Take the bus"}).status_code == 303
    goal = Goal.objects.get()
    for value in ("2", "5", "11", "soon"):
        assert mine.post(where("goal_rate", goal.id), {"value": value}).status_code == 303
    (series,) = goal_series(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert [(point.value, point.by) for point in series.points] == [(2, "client"), (5, "client")]
    page = body(mine.get(where("goals")))
    assert "Last time you said 5 of 10" in page
    mine.post(where("goal_rate", goal.id), {"mark": "reached"})
    assert "Reached" in body(mine.get(where("goals")))


def test_a_client_rates_only_their_own() -> None:
    a_practice()
    mara = a_therapist()
    mine, other = portal(a_course(mara)), portal(a_course(mara, "Zoe Hart"))
    mine.post(where("goal_add"), {"words": "Take the bus"})
    goal = Goal.objects.get()
    foreign = other.post(where("goal_rate", goal.id), {"value": "3"})
    unknown = other.post(where("goal_rate", uuid4()), {"value": "3"})
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    assert b"bus" not in other.get(where("goals")).content
    assert signed_in(mara).get(where("goals")).status_code == 403  # not a reader of this room


def test_home_leads_to_an_agreement_that_waits(offer: tuple[Referred, Any]) -> None:
    course, contract = offer
    mine = portal(course)
    assert "An agreement waits for you" in body(mine.get(where("home")))
    mine.post(where("agreement_accept", contract), {"crisis_shown": "on", "treatment": "on"})
    assert "An agreement waits for you" not in body(mine.get(where("home")))


def test_what_was_not_ticked_is_said_where_it_is_asked(offer: tuple[Referred, Any]) -> None:
    """The agreement is long; the answer to a wrong form shows its end, where the fault is."""
    course, contract = offer
    mine = portal(course)
    page = mine.post(where("agreement_accept", contract), {})
    assert page.status_code == 422
    assert f'action="{where("agreement_accept", contract)}#agree"' in body(page)


def test_an_address_that_only_takes_answers_is_no_blank_page(offer: tuple[Referred, Any]) -> None:
    course, contract = offer
    page = portal(course).get(where("agreement_accept", contract))
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "There is no page here" in body(page)
    assert "If you need help now" in body(page)
