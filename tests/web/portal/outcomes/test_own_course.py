"""The client's own course, in words without a clinic in them."""

from __future__ import annotations

from django.urls import reverse
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_therapist, client_account, signed_in

from rapport.practice.episodes.actions import add_goal


def test_a_client_sees_their_own_trend_in_plain_words() -> None:
    course, other = a_course(a_therapist()), a_course(a_therapist("Ben Stone"), name="Amina Bell")
    totals(course, "phq9", 17, 9)
    totals(other, "gad7", 15, 15)
    add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Cycle to work", value=3)
    page = signed_in(client_account(course)).get(reverse("portal:course")).content.decode()
    assert "You began at 17 and are at 9 now. Lower is better. That is a real step" in page
    assert "Cycle to work" in page
    assert "<table" in page
    for word in ("recovered", "cut-off", "caseness", "Jacobson", "worries"):
        assert word not in page


def test_getting_worse_is_said_kindly() -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", 9, 18)
    page = signed_in(client_account(course)).get(reverse("portal:course")).content.decode()
    assert "worth talking about next time" in page


def test_before_the_first_answer() -> None:
    course = a_course(a_therapist())
    assert "Nothing here yet" in signed_in(client_account(course)).get(reverse("portal:course")).content.decode()


def test_a_therapist_has_no_course_of_their_own() -> None:
    assert signed_in(a_therapist()).get(reverse("portal:course")).status_code == 403
