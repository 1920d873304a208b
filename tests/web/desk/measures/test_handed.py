"""The device in the client's hands: one place opens, and nothing else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, signed_in

from rapport.practice.foundation import clock
from rapport.practice.measures.actions import assign
from rapport.practice.measures.choices import Mode, Rhythm
from rapport.practice.measures.models import Administration, Score
from rapport.practice.safety.models import Alert


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def desk(course: Course) -> Browser:
    return signed_in(course.therapist)


def asked(course: Course, name: str = "phq2") -> UUID:
    return assign(
        actor=course.therapist, at=clock.now(), episode_id=course.episode, instrument_id=name, rhythm=Rhythm.ONCE
    )


def at(course: Course, name: str, *more: object) -> str:
    return reverse(f"desk:{name}", args=[course.episode, *more])


def test_from_handing_over_to_handing_back(course: Course, desk: Browser) -> None:
    row = asked(course)
    over = desk.post(at(course, "hand_forms"))
    assert (over.status_code, over["Location"]) == (303, at(course, "handed_forms"))
    page = desk.get(over["Location"]).content.decode()
    assert "Some questions for you" in page
    assert 'class="places"' not in page
    assert "Jonas" not in page
    begun = desk.post(at(course, "handed_begin", row))
    form = Administration.objects.get()
    assert (form.mode, begun["Location"]) == (Mode.KIOSK, at(course, "handed_question", form.id, 1))
    assert "Little interest or pleasure" in desk.get(begun["Location"]).content.decode()
    assert desk.post(begun["Location"], {"1": "2"})["Location"] == at(course, "handed_question", form.id, 2)
    assert desk.post(at(course, "handed_question", form.id, 2), {"2": "1"})["Location"] == at(
        course, "handed_end", form.id
    )
    assert desk.get(at(course, "handed_end", form.id)).status_code == 200
    assert desk.post(at(course, "handed_end", form.id)).status_code == 303
    assert "Please hand the device back now" in desk.get(at(course, "handed_forms")).content.decode()
    assert Score.objects.count() == 1
    assert desk.get(at(course, "handed_question", form.id, 1)).status_code == 302


def test_every_other_place_is_locked_meanwhile(course: Course, desk: Browser) -> None:
    asked(course)
    desk.post(at(course, "hand_forms"))
    assert desk.get(at(course, "handed_forms")).status_code == 200
    assert desk.get(at(course, "measures")).status_code == 302
    assert desk.get(reverse("desk:today")).status_code == 302


def test_an_answer_that_needs_a_person_says_so_in_the_room(course: Course, desk: Browser) -> None:
    row = asked(course, "asq")
    desk.post(at(course, "handed_begin", row))
    form = Administration.objects.get().id
    page = desk.post(at(course, "handed_question", form, 1), {"1": "1"})
    assert page.status_code == 200
    assert "your therapist is here" in page.content.decode()
    assert "tel:999" in page.content.decode()
    assert Alert.objects.count() == 1


def test_the_last_question_of_the_asq_follows_a_yes(course: Course, desk: Browser) -> None:
    desk.post(at(course, "handed_begin", asked(course, "asq")))
    form = Administration.objects.get().id
    for place in (1, 2, 3):
        desk.post(at(course, "handed_question", form, place), {str(place): "0"})
    end = desk.post(at(course, "handed_question", form, 4), {"4": "0"})
    assert end["Location"] == at(course, "handed_end", form)
    assert "still open" not in desk.get(end["Location"]).content.decode()


def test_bad_answers_and_strange_places(course: Course, desk: Browser) -> None:
    desk.post(at(course, "handed_begin", asked(course)))
    form = Administration.objects.get().id
    assert desk.post(at(course, "handed_question", form, 1), {"1": "7"}).status_code == 400
    assert desk.get(at(course, "handed_question", form, 9)).status_code == 404


def test_another_course_has_no_such_form(course: Course, desk: Browser) -> None:
    row = asked(course)
    desk.post(at(course, "handed_begin", row))
    form = Administration.objects.get().id
    second = a_course(course.therapist, "Eva Roth")
    assert desk.get(at(second, "handed_question", form, 1)).status_code == 404
    for person in (a_therapist("Nora Bell"), a_manager()):
        browser = signed_in(person)
        assert browser.get(at(course, "handed_forms")).status_code in (403, 404)
        assert browser.post(at(course, "hand_forms")).status_code in (403, 404)
        for foreign in (row, uuid4()):
            assert browser.post(at(course, "handed_begin", foreign)).status_code in (403, 404)
        assert browser.post(at(course, "handed_question", form, 1), {"1": "1"}).status_code in (403, 404)
