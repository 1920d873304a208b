"""A therapist's week, the last before the clocks go forward: six clients, what moves, what hurts, what is repaired."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.clients import reachable
from tests.factories.episodes import in_therapy
from tests.factories.mailbox import MailServer
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist, client_account
from tests.factories.sessions import a_held_hour, a_note
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM, Actor
from rapport.practice.sessions import queries
from rapport.practice.sessions.actions import book_series, sign_note

pytestmark = pytest.mark.journey

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in range(23, 28))
NEXT_MONDAY = date(2026, 3, 30)  # the clocks went forward the night before
SCREEN = 900
PLANNED_BY = datetime(2026, 3, 3, 9, tzinfo=UTC)
STEP = "Ring my sister on Thursday"
COMMENT = "You looked at the clock when I spoke of her."


@dataclass
class Week:
    """The therapist at their desk, and the six whom they see."""

    desk: Window
    therapist: Actor
    calendar: Calendar
    jonas: Course
    amina: Course
    zoe: Course
    huong: Course
    tomasz: Course
    ruth: Course

    def comes(self, day: date, hour: int = 8, minute: int = 45) -> Window:
        """The therapist arrives on this day, at this time by the wall of the practice, and sits down at the desk."""
        summer = day > date(2026, 3, 29)
        self.calendar.turns_to(datetime(day.year, day.month, day.day, hour - summer, minute, tzinfo=UTC))
        return is_signed_in(self.desk, self.therapist, self.calendar).opens("/desk/")

    def hours_of(self, course: Course) -> list[datetime]:
        """When this client's planned hours begin."""
        known = queries.sessions_of(viewer=self.therapist, at=self.calendar.now(), episode_id=course.episode)
        return sorted(each.planned_start for each in known if each.state == "planned")


def weekly(course: Course, weekday: int, begins: time) -> None:
    """Eight hours, a week apart, from the second week of March on."""
    first = date(2026, 3, 9) + timedelta(days=weekday)
    book_series(
        actor=course.therapist, at=PLANNED_BY, episode_id=course.episode, first_day=first,
        slots=(Slot(weekday, begins),), length_minutes=50, count=8,
    )  # fmt: skip


@pytest.fixture
def week(window: Callable[..., Window], calendar: Calendar) -> Week:
    a_practice()
    therapist = a_therapist()
    with_password(therapist)
    six = (
        a_course(therapist, "Jonas Weber"),
        in_therapy(therapist, "Amina Bakari"),
        a_course(therapist, "Zoë Ash"),
        a_course(therapist, "Nguyễn Thị Hương"),
        a_course(therapist, "Tomasz Zieliński"),
        a_course(therapist, "Ruth Adler"),
    )
    before = a_held_hour(six[0], datetime(2026, 3, 2, 10, tzinfo=UTC))
    note = a_note(six[0], before, "He spoke of his sister, for the first time.\n\nPlan: ask how the call went.")
    sign_note(actor=therapist, at=PLANNED_BY, note_id=note, version=2)
    days = (0, 2, 3, 1, 2, 4)
    begins = (time(10), time(11), time(10), time(14), time(15), time(16))
    for course, weekday, at in zip(six, days, begins, strict=True):
        weekly(course, weekday, at)
    return Week(window(), therapist, calendar, *six)


def test_what_tears_on_monday_comes_back_until_it_is_repaired(week: Week) -> None:
    # Given a Monday on which Jonas comes at ten
    desk = week.comes(MONDAY)
    hour = reads_the_card_before_the_hour(desk)

    # When they meet, moments are marked by key, and something tears
    holds_the_hour(desk, week, hour)
    notes_the_rupture(desk)

    # Then he says on the tablet how it was, and it opens nothing else meanwhile
    closes_with_the_tablet(desk, hour)
    agrees_on_a_step(desk)
    signs_with_the_plan_carried_on(desk, hour)

    # And what tore stands on the card of the next Monday, until it is repaired
    comes_back_until_it_is_repaired(week.comes(NEXT_MONDAY))


def test_the_week_moves(week: Week, window: Callable[..., Window], post: MailServer) -> None:
    # When Amina rings on Tuesday and cannot come on Wednesday, it is late, and the therapist asks nothing for it
    desk = week.comes(TUESDAY, 15)
    cancels_late_and_is_not_charged(desk)

    # And Ines, who waits, is offered the hour and takes it with one tap
    waits_and_is_offered_the_hour(desk, week, post, window(telephone=True))

    # When Zoë's hour moves to Friday for good, over the night in which the clocks change
    moves_for_good(week.comes(WEDNESDAY), week, window(telephone=True))

    # And the therapist will be away over Easter
    goes_away(week.comes(THURSDAY), week, window(telephone=True))

    # Then on Friday it is named to Ruth: two sessions are left before the break, this one counted
    week.comes(FRIDAY).sees("In 2 sessions: a break of 2 weeks, from 3 April to 17 April.")


def reads_the_card_before_the_hour(desk: Window) -> str:
    """One screen, no scrolling. Returns the address part of the hour."""
    desk.sees("Jonas Weber")
    desk.follows("Prep Jonas Weber")
    desk.sees("ask how the call went")
    assert desk.page.evaluate("document.documentElement.scrollHeight") <= SCREEN
    return desk.path.split("/")[3]


def holds_the_hour(desk: Window, week: Week, hour: str) -> None:
    """Nothing is typed: three keys, two taps, one of them pressed twice by a trembling hand."""
    week.comes(MONDAY, 10, 0).follows("Open the 10:00 room").presses("Start")
    desk.sees("minutes together")
    week.calendar.moves_on(minutes=12)
    trail = desk.page.locator("#trail > ol > li")
    for count, key in enumerate(("f", "i", "u"), start=1):
        desk.page.keyboard.press(key)
        trail.nth(count - 1).wait_for()
    desk.unfolds("Between us")
    with desk.page.expect_response(re.compile("/did/$")) as did:
        desk.page.locator(".families details[open] button.usual").first.dblclick()
    assert did.value.ok
    trail.nth(3).wait_for()
    kept = queries.board(viewer=week.therapist, at=week.calendar.now(), session_id=UUID(hour))
    assert [mark.kind for mark in kept.marks] == ["feeling", "important", "rupture"]
    assert len(kept.interventions) == 1


def notes_the_rupture(desk: Window) -> None:
    """From the mark to the memo in two taps, while the hour goes on."""
    rupture = desk.page.locator("#trail > ol > li", has_text="rupture")
    rupture.locator("summary").click()
    with desk.turning():
        rupture.get_by_role("link", name="A memo of it, for me alone").click()
    desk.looks().presses_twice("moving away quieter, more polite, further away")
    assert desk.page.locator("[name='minute']").input_value() == "12"
    desk.writes(contribution="I looked at the clock.").presses("Keep the memo")
    desk.sees("not repaired yet")


def closes_with_the_tablet(desk: Window, hour: str) -> None:
    """Four numbers and a word, by his own hand."""
    desk.opens(f"/desk/room/{hour}/").follows("Close the hour together").presses("Hand over this device")
    for value in ("6", "7", "6", "7"):
        assert not desk.has("Jonas")
        desk.taps(value)
    desk.writes(comment=COMMENT).presses("Done")
    desk.sees("Please hand the device back now.")

    # Whatever else he opens is locked; the tablet knows only its questions
    for elsewhere in ("/desk/", "/desk/clients/", f"/desk/room/{hour}/", f"/desk/sessions/{hour}/prep/"):
        desk.opens(elsewhere).sees("Locked, not ended")
        assert not desk.has("Jonas")
    desk.opens(f"/desk/room/{hour}/closing/hand/thanks/").follows("I have it back (therapist)")
    desk.writes(password=PASSWORD).presses("Unlock")
    desk.sees(COMMENT)


def agrees_on_a_step(desk: Window) -> None:
    desk.follows("Agree on a task").writes(what=STEP, when="Thursday evening", where="at home")
    desk.writes(obstacle_1="I lose heart", then_1="I write to her instead").ticks("confidence", "8")
    desk.presses_twice("We agree on this")
    desk.sees("Agreed. It stands on the client’s page")


def signs_with_the_plan_carried_on(desk: Window, hour: str) -> None:
    desk.opens(f"/desk/room/{hour}/").unfolds("End the session").presses("End it now")
    desk.sees("You were together from")
    desk.opens(f"/desk/sessions/{hour}/").presses("My progress note")
    desk.sees("Still open")
    desk.presses("Copy into this note")
    text = desk.page.locator("[data-note-text]").first
    assert "ask how the call went" in text.input_value()
    text.fill(text.input_value() + "\n\nHe went quiet when I looked at the clock.")
    desk.page.once("dialog", lambda asked: asked.accept())
    desk.presses("Save and sign")
    desk.sees("Signed by Mara Okonjo")
    desk.sees("He went quiet when I looked at the clock.")
    desk.sees("ask how the call went")


def cancels_late_and_is_not_charged(desk: Window) -> None:
    desk.opens(f"/desk/diary/?on={WEDNESDAY}").follows("Amina Bakari")
    desk.unfolds("Cancel it").writes(told_on=str(TUESDAY), told_at="14:30", reason="Her child is ill.")
    desk.presses("Cancel the session", "main")
    desk.sees("cancelled late")
    desk.sees("Cancelled 20 hours before; 48 were agreed.")
    desk.sees("72.50 GBP")
    desk.unfolds("Do not ask for it").writes(why="A sick child is no missed hour.").presses(
        "Keep", "form:has([name='why'])"
    )
    desk.sees("not asked for")
    desk.sees("A sick child is no missed hour.")


def waits_and_is_offered_the_hour(desk: Window, week: Week, post: MailServer, phone: Window) -> None:
    cancelled = desk.path
    ines = reachable(a_course(week.therapist, "Ines Moreau"), email="ines@mail.example", name="Ines Moreau")
    desk.opens(f"/desk/episodes/{ines.episode}/sessions/").follows("Waits for a time")
    desk.ticks("days", "2").ticks("at_short_notice").writes(start="09:00", end="13:00").presses("Keep", "main")
    desk.sees("Ines Moreau")
    desk.opens(cancelled).follows("Offer it to somebody who waits").presses("Offer by mail")
    desk.sees("Said yes")
    deliver_due(actor=SYSTEM, at=week.calendar.now())
    assert "ines@mail.example" in post.sent_to
    found = re.search(r"https?://\S+/free-time/\S+", "\n".join(post.bodies()))
    assert found
    phone.opens(found.group()).sees("Wednesday 25 March, 11:00")
    assert not phone.has("Ines")
    phone.presses("Yes, I will come")
    phone.sees("It is yours")
    # Whoever opens the link after her learns nothing and takes nothing
    phone.beside().opens(found.group())
    desk.opens(f"/desk/diary/?on={WEDNESDAY}").sees("Ines Moreau")
    assert week.hours_of(ines) == [datetime(2026, 3, 25, 11, tzinfo=UTC)]


def moves_for_good(desk: Window, week: Week, phone: Window) -> None:
    """Thursdays at ten become Fridays at nine: by the wall, before and after the last Sunday of March."""
    desk.opens(f"/desk/diary/?on={THURSDAY}").follows("Zoë Ash").follows("Move it, or meet elsewhere")
    desk.writes(day=str(FRIDAY), start="09:00")
    desk.page.locator("form:has([name='day']) input[name='which'][value='following']").check()
    desk.presses("Move", "form:has([name='day'])")
    desk.sees("Moved.")
    winter, summer = datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 4, 3, 8, tzinfo=UTC)
    coming = [start for start in week.hours_of(week.zoe) if start > week.calendar.now()]
    assert coming == [winter, *(summer + timedelta(weeks=n) for n in range(5))]
    desk.opens("/desk/diary/?on=2026-03-29").sees("The clocks change: 23 hours")
    desk.opens("/desk/diary/?on=2026-04-03")
    assert "09:00" in desk.page.locator("a.block", has_text="Zoë Ash").inner_text()
    # And she reads the same nine o'clock on her telephone
    zoe = client_account(week.zoe, "Zoë Ash")
    is_signed_in(phone, zoe, week.calendar).opens("/portal/sessions/")
    phone.sees("Friday 27 March, 09:00")
    phone.sees("Friday 3 April, 09:00")


def goes_away(desk: Window, week: Week, phone: Window) -> None:
    """A week over Easter: each hour that is booked then is asked about."""
    desk.opens("/desk/diary/away/").chooses(kind="holiday").writes(first="2026-04-06", last="2026-04-10")
    desk.presses("Keep it free")
    desk.sees("hours are booked then")
    for box in desk.page.locator("input[name='fall_out']").all():
        box.check()
    desk.presses("Keep it free")
    desk.sees("6 April 2026 – 10 April 2026")
    assert not [each for each in week.hours_of(week.jonas) if each.date() == date(2026, 4, 6)]
    tomasz = client_account(week.tomasz, "Tomasz Zieliński")
    is_signed_in(phone, tomasz, week.calendar).opens("/portal/sessions/")
    phone.sees("We meet on Wednesday 1 April, and then we have a break.")


def comes_back_until_it_is_repaired(desk: Window) -> None:
    desk.follows("Prep Jonas Weber")
    desk.sees(COMMENT)
    desk.sees(STEP)
    desk.sees("A rupture on 23 March")
    desk.sees("He went quiet when I looked at the clock.")
    assert desk.page.evaluate("document.documentElement.scrollHeight") <= SCREEN
    card = desk.path
    desk.page.locator("a", has_text="A rupture on 23 March").first.click()
    desk.sees("A memo, not a score.")
    desk.ticks("repaired", "yes").writes(client_view="He had thought I was bored of him.").presses("Keep the memo")
    desk.sees("repaired")
    assert not desk.opens(card).has("A rupture on 23 March")
