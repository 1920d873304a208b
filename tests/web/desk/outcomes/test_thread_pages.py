"""The thread on the course page, the page on which one thinks, the open ends on the day and in the caseload."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.outcomes import decided, off_course, read_all, totals
from tests.factories.pages import hidden
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.outcomes.five_fields import Field
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation import clock
from rapport.practice.measures.models import Score
from rapport.practice.outcomes.models import CourseDecision, FieldsThought
from rapport.practice.outcomes.queries import thread
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import Actor

UNTOUCHED = {f"look_{field}": "not_yet" for field in Field}


@pytest.fixture(autouse=True)
def _practice(monkeypatch: pytest.MonkeyPatch) -> None:
    a_practice()
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def page(actor: Actor, name: str, *args: uuid.UUID) -> str:
    answer = signed_in(actor).get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_course_page_says_what_is_off_and_what_the_band_rests_on(course: Course) -> None:
    off_course(course)
    shown = page(course.therapist, "course", course.episode)
    assert "PHQ-9 was 21 at session 3: not on track." in shown
    assert "Think it through" in shown
    assert "8 of 10 who began alike" in shown
    assert "The band rests on assumptions, not yet on clients of this practice, and is not verified." in shown
    assert "are in the healthy range at session 6." in shown
    assert "Chance of the healthy range" in shown
    assert "prior/phq9/1" in shown


def test_a_course_as_expected_has_a_band_and_no_thread(course: Course) -> None:
    totals(course, "phq9", 17, 14)
    read_all()
    shown = page(course.therapist, "course", course.episode)
    assert "At session 2: as expected." in shown
    assert "Off the expected course" not in shown
    answer = signed_in(course.therapist).get(reverse("desk:think", args=[course.episode]), follow=True)
    assert "Nothing asks for a decision" in answer.content.decode()


def test_thinking_keeps_what_was_said_and_deciding_takes_it_off_the_day(course: Course) -> None:
    off_course(course)
    browser, url = signed_in(course.therapist), reverse("desk:think", args=[course.episode])
    assert "Has anything changed about wishing to die or hurting oneself?" in browser.get(url).content.decode()
    assert "PHQ-9 not on track at session 3" in page(course.therapist, "today")
    said = {**UNTOUCHED, "version": "0", "words_relationship": "I came late twice"}
    assert browser.post(url, {**said, "do": "keep"}).status_code == 303
    assert not CourseDecision.objects.exists()
    assert "I came late twice" in browser.get(url).content.decode()
    choice = {"decision": "talk_with_client", "words": "Say it first", "look_again": "6"}
    assert browser.post(url, {**said, "version": "1", **choice, "do": "decide"}).status_code == 303
    shown = page(course.therapist, "course", course.episode)
    assert "Decided: Talk about it with the client" in shown
    assert "Say it first" in shown
    assert "you look again at session 6" in shown
    today = page(course.therapist, "today")
    assert reverse("desk:course", args=[course.episode]) not in today


def test_what_cannot_be_kept_comes_back_with_everything_typed(course: Course) -> None:
    off_course(course)
    browser, url = signed_in(course.therapist), reverse("desk:think", args=[course.episode])
    typed = {**UNTOUCHED, "version": "0", "words_safety": "Asked; no.", "do": "decide"}
    nothing_chosen = browser.post(url, typed)
    no_look = browser.post(url, {**typed, "decision": "go_on"})
    elsewhere = browser.post(url, {**typed, "version": "7", "decision": "go_on", "look_again": "6"})
    assert [answer.status_code for answer in (nothing_chosen, no_look, elsewhere)] == [422, 422, 409]
    assert all("Asked; no." in answer.content.decode() for answer in (nothing_chosen, no_look, elsewhere))
    assert "Choose what you decide" in nothing_chosen.content.decode()
    assert "say at which session you look again" in no_look.content.decode()
    assert not CourseDecision.objects.exists()
    assert not FieldsThought.objects.exists()


def test_who_wrote_in_two_windows_sees_both_and_saves_on(course: Course) -> None:
    off_course(course)
    browser, url = signed_in(course.therapist), reverse("desk:think", args=[course.episode])
    seen = browser.get(url).content.decode()
    typed = {**UNTOUCHED, "version": hidden(seen, "version"), "question": hidden(seen, "question"), "do": "decide",
             "words_safety": "Asked; no.", "decision": "go_on", "look_again": "6"}  # fmt: skip
    browser.post(url, {**UNTOUCHED, "version": "0", "words_relationship": "I came late twice", "do": "keep"})
    both = browser.post(url, typed)
    shown = both.content.decode()
    assert both.status_code == 409
    assert "Asked; no.</textarea>" in shown
    assert "there is something: I came late twice" in shown
    assert hidden(shown, "version") == "1"
    assert browser.post(url, {**typed, "version": hidden(shown, "version")}).status_code == 303
    assert CourseDecision.objects.count() == 1


def test_a_decision_on_a_score_that_no_longer_asks_is_shown_with_the_one_that_does(course: Course) -> None:
    off_course(course)
    browser, url = signed_in(course.therapist), reverse("desk:think", args=[course.episode])
    seen = browser.get(url).content.decode()
    typed = {**UNTOUCHED, "version": "0", "question": hidden(seen, "question"), "words_safety": "Asked; no.",
             "decision": "go_on", "look_again": "6"}  # fmt: skip
    totals(course, "phq9", 23, first=AT.date())
    read_all(AT + timedelta(minutes=1))
    for what in ("keep", "decide"):
        both = browser.post(url, {**typed, "do": what})
        shown = both.content.decode()
        assert both.status_code == 409
        assert "PHQ-9 was 23" in shown
        assert "Asked; no.</textarea>" in shown
    assert hidden(shown, "question") != typed["question"]
    again = {**typed, "version": hidden(shown, "version"), "question": hidden(shown, "question"), "do": "decide"}
    assert browser.post(url, again).status_code == 303
    assert str(CourseDecision.objects.get().signal_id) == hidden(shown, "question")


def test_what_was_typed_on_a_signal_that_fades_is_shown_again(course: Course) -> None:
    off_course(course)
    browser, url = signed_in(course.therapist), reverse("desk:think", args=[course.episode])
    browser.get(url)
    totals(course, "phq9", 8, 7, first=AT.date() - timedelta(days=14))
    read_all(AT + timedelta(minutes=1))
    typed = {**UNTOUCHED, "version": "0", "words_safety": "Asked; no.", "look_regulation": "nothing", "do": "decide",
             "decision": "go_on", "words": "Because <so>", "look_again": "6"}  # fmt: skip
    answer = browser.post(url, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Nothing asks for a decision any more", "Asked; no.", "looked, nothing", "Go on as agreed",
                  "Because &lt;so&gt;"):  # fmt: skip
        assert words in shown
    assert not CourseDecision.objects.exists()
    assert browser.post(url, {**UNTOUCHED, "version": "0", "do": "keep"}).status_code == 303, "nothing typed"


def test_of_a_course_that_is_over_nothing_is_decided_any_more(course: Course) -> None:
    off_course(course)
    Episode.objects.filter(id=course.episode).update(closed_at=AT)
    assert "Think it through" not in page(course.therapist, "course", course.episode)
    said = {**UNTOUCHED, "version": "0", "decision": "go_on", "look_again": "6", "do": "decide"}
    answer = signed_in(course.therapist).post(reverse("desk:think", args=[course.episode]), said)
    assert answer.status_code == 422
    assert "This course is over." in answer.content.decode()


def test_a_look_that_was_agreed_comes_back_on_the_day_and_in_the_caseload(course: Course) -> None:
    off_course(course)
    decided(course, look_again=4)
    totals(course, "phq9", 20, first=AT.date())
    read_all(AT + timedelta(minutes=1))
    words = "to look at again since session 4: no score since"
    for name in ("today", "caseload"):
        assert words in page(course.therapist, name).lower().replace("  ", " ")
    assert "You wanted to look again at session 4." in page(course.therapist, "course", course.episode)


def test_a_score_that_does_not_open_is_said_beside_what_waits_in_the_thread(course: Course) -> None:
    off_course(course)
    newest = Score.objects.latest("computed_at")
    Score.objects.filter(id=newest.id).update(value_sealed=bytes(newest.value_sealed)[:-1])
    for name in ("today", "caseload"):
        shown = page(course.therapist, name).lower()
        assert "changed outside rapport and does not open" in shown
        assert "not on track at session 3" in shown
        assert "reliably worse" not in shown
    assert AuditEvent.objects.filter(action="open", object_type="seal", decision="deny").count() == 2


def test_strangers_clients_and_managers_have_no_way_to_a_thread(course: Course) -> None:
    off_course(course)
    url = reverse("desk:think", args=[course.episode])
    foreign = signed_in(a_therapist("Ben Stone")).get(url)
    unknown = signed_in(a_therapist("Cleo Marsh")).get(reverse("desk:think", args=[uuid.uuid4()]))
    assert foreign.status_code == unknown.status_code == 404
    assert signed_in(client_account(course)).get(url).status_code == 403
    assert signed_in(a_manager()).get(url).status_code == 403


def test_a_client_sees_no_signal_on_their_own_page(course: Course) -> None:
    off_course(course)
    decided(course, words="Say it first")
    browser = signed_in(client_account(course))
    for name in ("portal:home", "portal:course"):
        shown = browser.get(reverse(name)).content.decode()
        assert "not on track" not in shown
        assert "expected" not in shown
        assert "Say it first" not in shown


def test_the_pages_ask_as_often_for_three_open_ends_as_for_one() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    for viewer, names in ((mara, ("Jo",)), (ben, ("Ada", "Bo", "Cy"))):
        for name in names:
            off_course(a_course(viewer, name=name))
    for name in ("today", "caseload"):
        asked = []
        for viewer in (mara, ben):
            browser = signed_in(viewer)
            browser.get(reverse(f"desk:{name}"))
            with CaptureQueriesContext(connection) as queried:
                browser.get(reverse(f"desk:{name}"))
            asked.append(sum(q["sql"].startswith("SELECT") and "audit" not in q["sql"] for q in queried))
        assert asked[0] == asked[1], name


def test_a_longer_thread_asks_no_more_than_a_short_one() -> None:
    mara = a_therapist()
    short, long = a_course(mara), a_course(mara, name="Ada Long")
    off_course(short)
    off_course(long)
    for minute in range(3):
        decided(long, AT + timedelta(minutes=minute))
    assert len(thread(viewer=mara, at=AT, episode_id=long.episode).turns) == 3  # type: ignore[union-attr]
    asked = []
    for each in (short, long):
        with CaptureQueriesContext(connection) as queried:
            page(mara, "course", each.episode)
        asked.append(sum(q["sql"].startswith("SELECT") and "audit" not in q["sql"] for q in queried))
    assert asked[0] == asked[1]


def test_a_sudden_loss_is_an_event_in_the_picture_and_no_alarm(course: Course) -> None:
    totals(course, "phq9", 8, 9, 8, 17, 18, 18)
    shown = page(course.therapist, "course", course.episode)
    assert "sudden loss" in shown
    assert "sudden gain" not in shown
