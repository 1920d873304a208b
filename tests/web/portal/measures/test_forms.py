"""One question per screen, kept as it is given, without a script."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.measures import a_form, answered
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.measures.actions import assign, assign_pack
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Administration, Answer, Score
from rapport.practice.post.models import OutboxMessage
from rapport.practice.safety.actions import say_how_safe
from rapport.practice.safety.choices import SafeNow
from rapport.practice.safety.models import Alert
from rapport.practice.security.policy.actor import Actor


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def form(course: Course, client: Actor) -> UUID:
    return a_form(course, client, at=clock.now())


@pytest.fixture
def portal(client: Actor) -> Browser:
    return signed_in(client)


def question(form: UUID, place: int) -> str:
    return reverse("portal:question", args=[form, place])


def test_a_form_from_the_first_question_to_thank_you(course: Course, client: Actor, portal: Browser) -> None:
    assign_pack(actor=course.therapist, at=clock.now(), episode_id=course.episode)
    page = portal.get(reverse("portal:forms")).content.decode()
    assert "PHQ-9" in page
    row = assign(
        actor=course.therapist, at=clock.now(), episode_id=course.episode, instrument_id="phq9", rhythm=Rhythm.ONCE
    )
    begun = portal.post(reverse("portal:begin_form", args=[row]))
    form = Administration.objects.get().id
    assert (begun.status_code, begun["Location"]) == (303, reverse("portal:form", args=[form]))
    assert portal.get(begun["Location"])["Location"] == question(form, 1)
    for place in range(1, 10):
        page = portal.get(question(form, place)).content.decode()
        assert "I prefer to tell you in person" in page
        kept = portal.post(question(form, place), {str(place): "0" if place == 9 else "1"})
        assert (kept.status_code, kept["Location"]) == (303, question(form, place + 1))
    assert portal.post(question(form, 10), {"difficulty": "in-person"})["Location"] == reverse(
        "portal:hand_in", args=[form]
    )
    assert portal.get(reverse("portal:hand_in", args=[form])).status_code == 200
    for _ in range(2):
        handed_in = portal.post(reverse("portal:hand_in", args=[form]))
        assert (handed_in.status_code, handed_in["Location"]) == (303, reverse("portal:thanks", args=[form]))
    thanks = portal.get(handed_in["Location"]).content.decode()
    assert "tel:999" in thanks
    assert Score.objects.count() == 1
    assert not Alert.objects.exists()


@pytest.mark.parametrize("value", ["1", "2", "3"])
def test_the_answer_that_needs_a_person_brings_help_in_the_same_response(
    portal: Browser, form: UUID, value: str
) -> None:
    for _ in range(2):
        page = portal.post(question(form, 9), {"9": value})
        text = page.content.decode()
        assert page.status_code == 200
        assert "tel:999" in text
        assert "Are you safe right now?" in text
        assert "<strong>Mara Okonjo</strong> reads what you said by <strong>" in text
        assert "<script" not in text.split("</head>")[1]
    assert (Alert.objects.count(), Answer.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)
    assert Administration.objects.get().completed_at is None


@pytest.mark.parametrize(
    "data", [{"9": "-1"}, {"9": "4"}, {"9": "1.5"}, {"9": ""}, {}, {"9": ["1", "1"]}, {"9": "1", "8": "1"}]
)
def test_a_bad_answer_is_refused_by_its_item_and_nothing_is_kept(
    portal: Browser, form: UUID, data: dict[str, object]
) -> None:
    page = portal.post(question(form, 9), data)
    assert page.status_code == 400
    assert f"question {'8' if '8' in data else '9'}" in page.content.decode()
    assert not Answer.objects.exists()


def test_refusing_a_question_of_the_asq_goes_on_and_tells_a_person(
    course: Course, client: Actor, portal: Browser
) -> None:
    form = a_form(course, client, "asq", at=clock.now())
    kept = portal.post(question(form, 1), {"1": "in-person"})
    assert (kept.status_code, kept["Location"]) == (303, question(form, 2))
    assert Alert.objects.get().rule == "asq_question1_refused"
    for place in (2, 3):
        portal.post(question(form, place), {str(place): "0"})
    end = portal.post(question(form, 4), {"4": "0"})
    assert end["Location"] == reverse("portal:hand_in", args=[form])


def test_going_back_shows_what_was_chosen(client: Actor, portal: Browser, form: UUID) -> None:
    answered(client, form, 2, None, at=clock.now())
    assert 'value="2" checked' in " ".join(portal.get(question(form, 1)).content.decode().split())
    assert 'value="in-person" checked' in " ".join(portal.get(question(form, 2)).content.decode().split())
    assert portal.get(reverse("portal:form", args=[form]))["Location"] == question(form, 3)


def test_a_well_being_slider_is_answered_in_one_tap(course: Course, client: Actor, portal: Browser) -> None:
    slider = a_form(course, client, "wellbeing_slider", at=clock.now())
    page = portal.get(question(slider, 1)).content.decode()
    assert page.count('type="radio"') == 12
    assert portal.post(question(slider, 1), {"1": "10"}).status_code == 303


def test_another_persons_form_is_not_found(course: Course, form: UUID) -> None:
    stranger = signed_in(client_account(a_course(a_therapist("Piet Adler"), "Eva Roth"), "Eva Roth"))
    own_therapist = signed_in(course.therapist)
    bodies = set()
    for browser, status in ((stranger, 404), (own_therapist, 403)):  # a therapist is no reader of this room
        for foreign in (form, uuid4()):
            for name in ("form", "hand_in", "thanks"):
                assert browser.get(reverse(f"portal:{name}", args=[foreign])).status_code == status
            page = browser.get(question(foreign, 1))
            assert page.status_code == browser.post(question(foreign, 1), {"1": "1"}).status_code == status
            bodies.add(len(page.content))
    assert not Answer.objects.exists()
    assert Browser().get(question(form, 1)).status_code == 302


def test_there_is_no_question_beyond_the_last(portal: Browser, form: UUID) -> None:
    assert portal.get(question(form, 0)).status_code == 404
    assert portal.get(question(form, 11)).status_code == 404


def test_nothing_changes_by_looking(portal: Browser, form: UUID) -> None:
    assert portal.get(reverse("portal:begin_form", args=[uuid4()])).status_code == 405


def test_home_greets_and_names_what_is_to_do(course: Course, client: Actor, portal: Browser, form: UUID) -> None:
    page = portal.get(reverse("portal:home")).content.decode()
    assert "Jonas Weber" in page
    assert "PHQ-9" in page
    assert "If you need help now" in page
    say_how_safe(actor=client, at=clock.now(), client_id=course.client, answer=SafeNow.NO)
    assert portal.get(reverse("portal:home"))["Location"] == reverse("portal:help")


@pytest.mark.parametrize("forms", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(course: Course, portal: Browser, forms: int) -> None:
    for instrument in ("phq9", "gad7", "wellbeing_slider")[:forms]:
        assign(
            actor=course.therapist, at=clock.now(), episode_id=course.episode, instrument_id=instrument,
            rhythm=Rhythm.ONCE,
        )  # fmt: skip
    portal.get(reverse("portal:forms"))
    with CaptureQueriesContext(connection) as queries:
        portal.get(reverse("portal:forms"))
    assert len(queries) <= 9


def test_a_question_stands_alone(portal: Browser, form: UUID) -> None:
    page = portal.get(question(form, 1)).content.decode()
    assert 'class="places"' not in page
    assert "If you need help now" in page
    assert 'class="places"' in portal.get(reverse("portal:forms")).content.decode()
