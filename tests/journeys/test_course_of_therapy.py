"""In a real browser: one client's whole course of therapy, from the referral to the recorded result.

The client has a telephone 360 pixels wide, the therapist a desk. Each kind of page is examined when it is first seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pyotp
import pytest
from django.core import mail
from pypdf import PdfReader
from tests.factories.accounts import PASSWORD, digits, with_password, with_time_code
from tests.factories.organisation import a_practice
from tests.factories.people import a_therapist
from tests.journeys.calendar import Calendar
from tests.journeys.windows import Window

from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.audit.verify import verify
from rapport.practice.security.policy.actor import SYSTEM

pytestmark = pytest.mark.journey

OWN_PASSWORD = "rain on the third allotment"
OWN_ADDRESS = "jonas@mail.example"
MONDAYS = ("2026-03-09", "2026-03-16", "2026-03-23")
PHQ9 = range(1, 10)


@dataclass
class Therapist:
    """The therapist: a desk, a password, an authenticator app."""

    desk: Window
    email: str
    app: pyotp.TOTP
    calendar: Calendar

    def signs_in(self) -> None:
        self.desk.opens("/sign-in/").writes(email=self.email, password=PASSWORD).presses("Sign in")
        self.desk.writes(code=digits(self.app, self.calendar.now())).presses("Go on")
        assert self.desk.path == "/desk/"


@pytest.fixture
def therapist(window: Callable[..., Window], calendar: Calendar) -> Therapist:
    a_practice()
    actor = a_therapist()
    return Therapist(window(), with_password(actor), with_time_code(actor, calendar.now()), calendar)


def test_one_client_from_referral_to_recorded_result(
    therapist: Therapist, window: Callable[..., Window], calendar: Calendar
) -> None:
    desk, phone = therapist.desk, window(telephone=True)

    # Given a therapist at work, and somebody who asked to come
    therapist.signs_in()
    types_the_referral(desk)
    accepts_the_referral(desk)
    invitation = invites_to_the_portal(desk)
    case = books_the_assessment(desk)
    asks_what_is_asked_first(desk, case)

    # When the client comes in, says yes, and answers
    accepts_the_invitation(phone, invitation)
    agrees_to_measures(phone)
    answers_the_depression_form(phone)

    # Then the last answer calls a person at once, on both sides
    reads_whom_to_call(phone)
    acts_on_the_alert(desk)

    # When they have met, the therapist signs the note and decides, and both agree how they will work
    holds_the_assessment(desk)
    signs_the_note(desk)
    decides_for_therapy(desk, case)
    offers_the_agreement(desk, case)
    accepts_the_agreement(phone)
    begins_weekly_sessions(desk, case)

    # And a week later the client says before and after the hour how they are
    calendar.turns_to(datetime(2026, 3, 9, 9, 55, tzinfo=UTC))
    therapist.signs_in()
    client_signs_in(phone)
    holds_an_hour_with_moments(desk, phone, calendar)
    unlocks(desk, case)
    types_in_a_paper(desk, case, day=MONDAYS[0], answers=[1, 1, 2, 1, 1, 1, 1, 1, 0])
    calendar.turns_to(datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    therapist.signs_in()
    types_in_a_paper(desk, case, day=MONDAYS[2], answers=[1, 1, 1, 0, 1, 0, 0, 0, 0])

    # Then the course shows where it began and where it is
    reads_the_course(desk, case)

    # When they end, and the therapist writes
    ends_the_therapy(desk, case)
    writes_and_releases_the_letter(desk, case)
    closes_the_course(desk, case)

    # Then the client reads how it went, and keeps the letter
    client_signs_in(phone)
    reads_how_it_went(phone)
    keeps_the_letter(phone)

    # And the post said nothing of it to anybody, while the trail tells of all of it
    the_post_is_discreet(calendar)
    the_trail_is_whole()


def types_the_referral(desk: Window) -> None:
    desk.follows("Referrals").follows("New referral")
    desk.ticks("safe-channels", "email").writes(**{"safe-never_if": "my brother answers"})
    desk.writes(**{"person-name": "Jonas Weber", "person-email": OWN_ADDRESS})
    desk.chooses(**{"referral-source": "self"})
    desk.writes(**{"referral-reason": "I sleep badly since the move, and everything is grey."})
    desk.writes(**{"problems-0-words": "I stay in bed", "problems-0-impact": "7"})
    desk.presses("Keep the referral")
    desk.sees("I sleep badly since the move")


def accepts_the_referral(desk: Window) -> None:
    desk.ticks("outcome", "accepted").presses("Decide")
    desk.sees("Decided: Accepted")


def invites_to_the_portal(desk: Window) -> str:
    """The safe contact forbids every automatic message, so the invitation is shown, to be handed over."""
    desk.follows("Contact and consents").follows("Invite to the portal")
    assert not desk.has("Send it by e-mail")
    desk.presses("Show it, to print")
    shown = re.search(r"https?://\S+/invitation/[^\s<\"]+", desk.page.locator("main").inner_text())
    assert shown
    desk.follows("Back")
    return shown.group()


def books_the_assessment(desk: Window) -> str:
    """One hour today. Returns the address of the course."""
    desk.follows("Today").follows("Book")
    desk.page.locator("select[name='episode']").select_option(label="Jonas Weber")
    desk.writes(day="2026-03-02", start="09:30").presses("Book", "main")
    desk.follows("Today").follows("Jonas Weber").follows("Sessions")
    return desk.path.removesuffix("sessions/")


def asks_what_is_asked_first(desk: Window, case: str) -> None:
    desk.opens(f"{case}measures/").presses("Ask what is asked before the first interview")
    desk.sees("PHQ-9")


def accepts_the_invitation(phone: Window, invitation: str) -> None:
    phone.opens(invitation).writes(email=OWN_ADDRESS, password=OWN_PASSWORD).presses("Yes, let me in")
    assert phone.path == "/portal/"
    phone.sees("Monday 2 March, 09:30")


def agrees_to_measures(phone: Window) -> None:
    phone.opens("/portal/me/consents/").presses("Yes, I agree", "#measures")
    phone.sees("You said yes on")


def answers_the_depression_form(phone: Window) -> None:
    """One question per screen; the ninth asks for thoughts of being better off dead."""
    phone.opens("/portal/forms/").presses("PHQ-9")
    for place in PHQ9:
        assert phone.path.endswith(f"/{place}/")
        name = phone.page.locator("input[type='radio']").first.get_attribute("name")
        phone.ticks(str(name), "1" if place == 9 else "2").presses("Keep and go on")


def reads_whom_to_call(phone: Window) -> None:
    phone.sees("Thank you for telling us")
    assert phone.path.endswith("/9/"), "the card came with the answer itself"
    assert phone.page.locator("a[href^='tel:']").count()
    phone.sees("reads what you said by")
    phone.follows("Go on with the form").ticks("difficulty", "1").presses("Keep and go on").presses("Hand in")
    phone.sees("Nobody watches these forms live")


def acts_on_the_alert(desk: Window) -> None:
    desk.follows("Today").follows("Open and respond")
    desk.sees("Read and act by")
    desk.writes(did="Rang at once; they are not alone tonight. We meet today.").ticks("contact", "reached")
    desk.presses("This is what I do")
    desk.writes(outcome="Spoke of it today. No plan, no intent; safety plan begun.").presses("Close this alert")
    assert not desk.follows("Today").has("an answer needs a person")


def holds_the_assessment(desk: Window) -> None:
    desk.follows("Open the 09:30 room").presses("Start")
    desk.unfolds("Progress note")
    with desk.page.expect_response(re.compile("/room/.*/note/")) as kept:
        desk.page.get_by_label("Note", exact=True).press_sequentially("Spoke of the move and of sleep.")
    assert kept.value.ok
    desk.sees("Saved ")
    desk.unfolds("End the session").presses("End it now")
    desk.sees("You were together from")


def signs_the_note(desk: Window) -> None:
    desk.page.once("dialog", lambda asked: asked.accept())
    desk.follows("The whole note, its format and signing").presses("Save and sign")
    desk.sees("Signed by Mara Okonjo")
    desk.sees("Spoke of the move and of sleep.")


def decides_for_therapy(desk: Window, case: str) -> None:
    desk.opens(f"{case}assessment/").follows("To the decision").ticks("decision", "therapy_now")
    desk.writes(reasons="Low for months, wants to understand.", client_view="I want to try.")
    desk.presses("Keep the decision")
    desk.follows("To the agreement")


def offers_the_agreement(desk: Window, case: str) -> None:
    desk.follows("Write the agreement").writes(place="Linden Street 4, first floor", fee="70")
    desk.presses("Offer the agreement")
    desk.sees("Offered, not accepted yet")


def accepts_the_agreement(phone: Window) -> None:
    phone.opens("/portal/agreement/").ticks("crisis_shown").ticks("treatment").presses("Yes, I agree", "#agree")
    phone.sees("You said yes")


def begins_weekly_sessions(desk: Window, case: str) -> None:
    desk.opens(f"{case}agreement/")
    desk.sees("Accepted in the portal")
    desk.presses("Now in therapy")
    desk.opens(f"{case}sessions/").follows("Book a series")
    desk.writes(first_day=MONDAYS[0], start="10:00", count="3").presses("Book the series")
    desk.sees("The series is booked.")


def client_signs_in(phone: Window) -> None:
    phone.opens("/sign-in/").writes(email=OWN_ADDRESS, password=OWN_PASSWORD).presses("Sign in")
    assert phone.path == "/portal/"


def holds_an_hour_with_moments(desk: Window, phone: Window, calendar: Calendar) -> None:
    says_how_it_is(phone, 4)
    desk.opens("/desk/").follows("Open the 10:00 room").presses("Start")
    calendar.moves_on(minutes=50)
    desk.unfolds("End the session").presses("End it now")
    calendar.moves_on(minutes=2)
    client_signs_in(phone)
    says_how_it_is(phone, 7)
    desk.page.reload()
    desk.sees("Before: 4 of 10 · After: 7 of 10")


def unlocks(desk: Window, case: str) -> None:
    """The hour kept its own room open; for every other page the curtain is closed."""
    desk.opens(f"{case}measures/")
    desk.sees("Locked, not ended")
    desk.writes(password=PASSWORD).presses("Unlock")
    assert desk.path == f"{case}measures/"


def says_how_it_is(phone: Window, value: int) -> None:
    """One tap."""
    phone.opens("/portal/sessions/")
    with phone.turning():
        phone.page.get_by_role("button", name=str(value), exact=True).click()
    phone.looks()


def types_in_a_paper(desk: Window, case: str, *, day: str, answers: list[int]) -> None:
    desk.opens(f"{case}measures/").unfolds("Type in a paper").follows("Paper : PHQ-9").writes(answered_on=day).chooses(
        mode="paper"
    )
    groups = desk.page.locator("main fieldset.rungs")
    for place, value in enumerate(answers):
        groups.nth(place).locator(f"input[value='{value}']").check()
    desk.presses("Keep this form")
    desk.sees("The form was kept.")


def reads_the_course(desk: Window, case: str) -> None:
    desk.opens(f"{case}course/")
    assert desk.page.locator("main svg").first.is_visible()
    desk.sees("2 sessions so far. Reliably better, and past the usual cut-off.")
    figures = desk.page.locator("main table").first.text_content() or ""
    assert all(score in figures for score in ("17", "9", "4")), figures


def ends_the_therapy(desk: Window, case: str) -> None:
    desk.follows("Ending").chooses(kind="planned_mutual", negative_effects="no", final_measures="asked")
    desk.writes(what_helped="Being asked every week.", return_route="Write, at any time.")
    desk.presses("Save", "form:has([name='kind'])")
    desk.writes(said="Asked openly: no such thoughts since the second week.")
    desk.presses("Save", "form:has([name='said'])")


def writes_and_releases_the_letter(desk: Window, case: str) -> None:
    desk.opens(f"{case}letter/").presses("Save", "main")
    desk.presses("Release to the client")
    desk.sees("The client has had this letter since")


def closes_the_course(desk: Window, case: str) -> None:
    desk.opens(f"{case}ending/").presses("Close this course")
    desk.sees("Recorded as recovered.")


def reads_how_it_went(phone: Window) -> None:
    phone.follows("My course")
    assert phone.page.locator("main svg").first.is_visible()
    phone.sees("Your letter is here")


def keeps_the_letter(phone: Window) -> None:
    phone.follows("Read it, and keep it as a PDF")
    phone.sees("Dear Jonas Weber")
    link = phone.page.get_by_role("link", name="Keep it as a PDF").get_attribute("href")
    answer = phone.page.context.request.get(phone.findings.home + str(link))
    assert "Dear Jonas Weber" in PdfReader(BytesIO(answer.body())).pages[0].extract_text()


def the_post_is_discreet(calendar: Calendar) -> None:
    """The client said when never to write, so nobody wrote; the therapist heard only that something waits."""
    deliver_due(actor=SYSTEM, at=calendar.now())
    assert mail.outbox
    for letter in mail.outbox:
        assert OWN_ADDRESS not in letter.recipients()
        assert not re.search("Jonas|Weber|PHQ|depress|grey|sleep", f"{letter.subject} {letter.body}")


def the_trail_is_whole() -> None:
    found = verify(None)
    assert found.finding is None
    assert found.events > 100
