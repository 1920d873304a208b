"""A client's hours, and one tap."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.foundation import clock
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import OfferWay


def test_the_next_hour_and_the_question_before_it() -> None:
    a_practice()
    now, course = clock.now(), a_course(a_therapist())
    session = an_hour(course, now + timedelta(minutes=30))
    browser = signed_in(client_account(course))
    assert "How are you right now?" in browser.get("/portal/sessions/").content.decode()
    answer = browser.post(f"/portal/sessions/{session}/moment/", {"side": "before", "value": "3"})
    assert answer.status_code == 303
    assert "How are you right now?" not in browser.get("/portal/sessions/").content.decode()
    assert queries.session(viewer=course.therapist, at=now, session_id=session).effect.before == 3


def test_a_wrong_number_and_a_far_hour_are_answered_kindly() -> None:
    now, course = clock.now(), a_course(a_therapist())
    near, far = an_hour(course, now), an_hour(course, now + timedelta(days=3))
    browser = signed_in(client_account(course))
    assert browser.post(f"/portal/sessions/{near}/moment/", {"side": "before", "value": "11"}).status_code == 422
    answer = browser.post(f"/portal/sessions/{far}/moment/", {"side": "before", "value": "5"})
    assert (answer.status_code, "close to our hour" in answer.content.decode()) == (422, True)


def test_nothing_booked_is_said_plainly() -> None:
    browser = signed_in(client_account(a_course(a_therapist())))
    assert "Nothing is booked right now" in browser.get("/portal/sessions/").content.decode()


def test_another_clients_hour_is_not_there() -> None:
    therapist, now = a_therapist(), clock.now()
    session = an_hour(a_course(therapist), now)
    other = signed_in(client_account(a_course(therapist, "Amina Bello"), "Amina Bello"))
    assert other.get(f"/portal/sessions/{session}/moment/").status_code == 404
    assert other.post(f"/portal/sessions/{session}/moment/", {"side": "before", "value": "5"}).status_code == 404


def test_a_coming_break_is_said_with_when_we_meet_again() -> None:
    a_practice()
    now, course = clock.now(), a_course(a_therapist())
    for weeks in (1, 2, 5):
        an_hour(course, now + timedelta(weeks=weeks))
    page = signed_in(client_account(course)).get("/portal/sessions/").content.decode()
    assert "A break is coming" in page
    assert "We meet again 3 weeks later" in page
    stranger = signed_in(client_account(a_course(course.therapist, "Amina Bello"), "Amina Bello"))
    assert "A break is coming" not in stranger.get("/portal/sessions/").content.decode()


def test_a_freed_time_is_taken_once_and_the_next_hears_it_kindly() -> None:
    a_practice()
    now, therapist = clock.now(), a_therapist()
    start = now + timedelta(days=7)
    given_up = an_hour(a_course(therapist), start)
    actions.cancel_session(actor=therapist, at=now, session_id=given_up, by=CancelledBy.CLIENT)
    browsers, offers = [], []
    for name in ("Amina Bello", "Lena Thal", "Ivan Petrov"):
        course = a_course(therapist, name)
        wish = actions.wish_for_time(actor=therapist, at=now, episode_id=course.episode, minutes=50)
        (slot,) = queries.freed(viewer=therapist, at=now)
        way = OfferWay.PHONE
        offers.append(
            actions.offer_time(actor=therapist, at=now, step_id=slot.free.step_id, wish_id=wish, way=way)
        )  # fmt: skip
        browsers.append(signed_in(client_account(course, name)))

    def says(number: int, offer: int, answer: str) -> str:
        said = browsers[number].post(f"/portal/sessions/free/{offers[offer]}/", {"answer": answer}, follow=True)
        return str(said.content.decode())

    assert "Thank you for telling us" in says(2, 2, "no")
    assert browsers[1].post(f"/portal/sessions/free/{offers[0]}/", {"answer": "yes"}).status_code == 404
    assert "It is yours" in says(0, 0, "yes")
    assert "somebody else was faster" in says(1, 1, "yes")
