"""The therapist's pages of a course: happy, wrong, strange, and how often they ask the database."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.episodes import AGREEMENT, REASON, agrees_to_treatment, in_assessment, offered, referred
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.episodes.need import NeedDecision
from rapport.practice.episodes.actions import add_goal, save_section
from rapport.practice.episodes.choices import EpisodeState, Explored, GuideSection
from rapport.practice.episodes.models import Episode, Referral
from rapport.practice.episodes.queries import (
    contract,
    episode,
    goal_series,
    need_summary,
    problems,
    referral,
    referral_inbox,
    sections,
)
from rapport.practice.security.policy.actor import Actor
from rapport.web.desk.episodes.agreement_form import AgreementForm

NEW = {
    "safe-channels": ["email"],
    "safe-days": ["0", "1"],
    "person-name": "Amina Bakari",
    "person-email": "amina@mail.example",
    "referral-received_on": "2026-03-02",
    "referral-source": "gp",
    "referral-urgency": "soon",
    "referral-reason": REASON,
    "problems-TOTAL_FORMS": "2",
    "problems-INITIAL_FORMS": "0",
    "problems-0-domain": "behavioural",
    "problems-0-words": "I turn back at the bus stop",
    "problems-0-impact": "8",
    "problems-1-domain": "trauma",
    "problems-1-words": "",
    "problems-1-impact": "",
}
DECISION = {"decision": "therapy_now", "reasons": "Her life has become three streets wide.", "importance": "8"}


def where(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


@pytest.fixture
def mara() -> Actor:
    a_practice()
    return a_therapist()


@pytest.fixture
def desk(mara: Actor) -> Browser:
    return signed_in(mara)


def body(page: Any) -> str:
    text: str = page.content.decode()
    return text


def agreement_data() -> dict[str, str]:
    first = {name: value for name, value in AgreementForm.initial_from(AGREEMENT).items() if value is not None}
    return {name: str(value) for name, value in first.items() if value is not False}


# --- referrals


def test_a_therapist_types_a_referral_and_reads_it(mara: Actor, desk: Browser) -> None:
    form = body(desk.get(where("referral_new")))
    assert form.index("1. Safe contact") < form.index("2. The person")
    answer = desk.post(where("referral_new"), NEW)
    assert answer.status_code == 303
    row = Referral.objects.get()
    assert answer.headers["Location"] == where("referral", row.id)
    found = referral(viewer=mara, at=row.recorded_at, referral_id=row.id)
    assert (found.details.reason, found.details.problems[0].impact) == (REASON, 8)
    page = body(desk.get(answer.headers["Location"]))
    assert "I turn back at the bus stop" in page
    assert "Did they agree that somebody else asked?" in page
    assert desk.post(where("referral_consent", row.id)).status_code == 303
    assert "Did they agree that somebody else asked?" not in body(desk.get(where("referral", row.id)))


def test_a_wrong_referral_keeps_every_word(desk: Browser) -> None:
    wrong = {**NEW, "person-name": " ", "referral-received_on": "soon", "problems-0-impact": "11"}
    answer = desk.post(where("referral_new"), wrong)
    page = body(answer)
    assert answer.status_code == 422
    assert REASON in page
    assert "I turn back at the bus stop" in page
    assert "amina@mail.example" in page
    assert not Episode.objects.exists()
    future = desk.post(where("referral_new"), {**NEW, "referral-received_on": "2999-01-01"})
    assert future.status_code == 422
    assert "This day has not come yet" in body(future)


def test_a_manager_types_for_a_therapist_and_sees_only_that_somebody_waits(mara: Actor) -> None:
    office = signed_in(a_manager())
    refused = office.post(where("referral_new"), {**NEW, "referral-therapist": ""})
    assert refused.status_code == 422
    assert "Choose the therapist" in body(refused)
    answer = office.post(where("referral_new"), {**NEW, "referral-therapist": str(mara.account)})
    assert answer.headers["Location"] == where("referrals")
    page = body(office.get(where("referrals")))
    assert "Amina Bakari" in page
    assert "Mara Okonjo" in page
    row = Referral.objects.get()
    for said in (REASON, "bus stop", "Family doctor", "stated as soon", str(row.id)):
        assert said not in page
    assert office.get(where("referral", row.id)).status_code == 403


def test_a_decision_is_made_with_its_reason(mara: Actor, desk: Browser) -> None:
    course = referred(mara)
    wrong = desk.post(where("referral_decide", course.referral), {"outcome": "declined", "where": "Somewhere"})
    assert wrong.status_code == 422
    assert "Somewhere" in body(wrong)
    good = desk.post(where("referral_decide", course.referral), {"outcome": "accepted"})
    assert good.status_code == 303
    assert referral_inbox(viewer=mara, at=AT) == ()
    page = body(desk.get(where("referrals")))
    assert "Nobody waits for an answer" in page
    assert "Amina Bakari" in page


# --- assessment


def test_the_workspace_shows_answers_interview_and_formulation(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    page = body(desk.get(where("assessment", course.episode)))
    for said in ("What they answered", "The interview", "What we understand so far", REASON, "Losses and trauma"):
        assert said in page
    assert page.count("data-autosave=") == len(GuideSection)


def test_typing_is_kept_and_a_conflict_gives_both_texts(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    url = where("section_save", course.episode, "why_now")
    typed = {"text": "Since the fall", "explored": "explored", "version": "0", "client_tab": "a", "client_seq": "1"}
    json = {"headers": {"Accept": "application/json"}}
    assert desk.post(url, typed, **json).json()["version"] == 1
    other = {**typed, "text": "Since spring", "client_tab": "b"}
    clash = desk.post(url, other, **json)
    assert (clash.status_code, clash.json()) == (409, {"version": 1, "theirs": {"text": "Since the fall"}})
    plain = desk.post(url, other)
    assert plain.status_code == 409
    assert "Since the fall" in body(plain)
    assert "Since spring" in body(plain)
    assert desk.post(url, {**other, "version": "1"}).status_code == 303
    found = sections(viewer=mara, at=AT, episode_id=course.episode)[GuideSection.WHY_NOW]
    assert (found.text, found.explored) == ("Since spring", Explored.EXPLORED)
    bad = desk.post(url, {**typed, "text": "a\x00b"}, **json)
    assert bad.status_code == 422
    assert desk.post(where("section_save", course.episode, "nonsense"), typed).status_code == 404
    assert "Since spring" in body(desk.get(where("section_history", course.episode, "why_now")))


def test_problems_are_changed_and_wrong_ones_stay_on_the_page(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    assert "My sister and I" in body(desk.get(where("problems", course.episode)))
    rows = {key: value for key, value in NEW.items() if key.startswith("problems-")}
    wrong = desk.post(where("problems", course.episode), {**rows, "problems-0-impact": ""})
    assert wrong.status_code == 422
    assert "I turn back at the bus stop" in body(wrong)
    assert desk.post(where("problems", course.episode), rows).status_code == 303
    assert len(problems(viewer=mara, at=AT, episode_id=course.episode)) == 1


def test_the_decision_rests_on_one_page(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    page = body(desk.get(where("decision", course.episode)))
    for said in ("Days since they asked", "Domains with weight", "I turn back at the bus stop"):
        assert said in page
    url = where("decision", course.episode)
    wrong = desk.post(url, {**DECISION, "decision": "watchful_waiting"})
    assert wrong.status_code == 422
    assert "three streets wide" in body(wrong)
    assert desk.post(url, DECISION).status_code == 303
    assert "three streets wide" in body(desk.get(url))
    assert need_summary(viewer=mara, at=AT, episode_id=course.episode).decisions[0].number == 1


def test_not_wanting_therapy_can_be_closed_by_a_person(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    desk.post(where("decision", course.episode), {**DECISION, "decision": str(NeedDecision.NOT_WANTED)})
    assert "Close this course" in body(desk.get(where("decision", course.episode)))
    assert desk.post(where("without_therapy", course.episode), {"reason": ""}).status_code == 422
    assert desk.post(where("without_therapy", course.episode), {"reason": "She prefers to wait"}).status_code == 303
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.CLOSED
    assert desk.get(where("decision", course.episode)).status_code == 200


# --- agreement


def test_an_agreement_is_written_offered_printed_and_signed_on_paper(mara: Actor, desk: Browser) -> None:
    course = in_assessment(mara)
    assert "Nothing is agreed yet" in body(desk.get(where("contract", course.episode)))
    form = body(desk.get(where("contract_new", course.episode)))
    assert "116 123" in form  # from the jurisdiction pack
    data = agreement_data()
    wrong = desk.post(where("contract_new", course.episode), {**data, "fee": "72.505", "place": "Room 7"})
    assert wrong.status_code == 422
    assert "Room 7" in body(wrong)
    assert desk.post(where("contract_new", course.episode), data).status_code == 303
    offer = contract(viewer=mara, at=AT, episode_id=course.episode)
    assert offer is not None
    assert offer.agreement.fee == AGREEMENT.fee
    printed = body(desk.get(where("contract_print", course.episode)))
    assert "72.50 GBP" in printed
    assert "Date, name, signature" in printed
    paper = where("contract_paper", course.episode, offer.id)
    today = desk.get(where("contract", course.episode)).context["paper"].initial["signed_on"]
    said = {"signed_on": today.isoformat(), "signed_by": "A. Bakari", "treatment": "on"}
    unread = desk.post(paper, said)
    assert unread.status_code == 422
    assert "A. Bakari" in body(unread)
    assert desk.post(paper, {**said, "crisis_shown": "on"}).status_code == 303
    page = body(desk.get(where("contract", course.episode)))
    assert "Signed on paper" in page
    assert desk.post(where("episode_move", course.episode), {"to": "active"}).status_code == 303
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.ACTIVE
    desk.post(where("episode_move", course.episode), {"to": "closed"})
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.ACTIVE


def test_a_case_opens_where_it_stands(mara: Actor, desk: Browser) -> None:
    new, assessed, (open_offer, _) = referred(mara), in_assessment(mara), offered(mara)
    agrees_to_treatment(open_offer)
    for course, goes_to in (
        (new, where("referral", new.referral)),
        (assessed, where("assessment", assessed.episode)),
        (open_offer, where("contract", open_offer.episode)),
    ):
        assert desk.get(where("episode", course.episode)).headers["Location"] == goes_to


# --- goals


def test_goals_are_added_rated_and_finished(mara: Actor, desk: Browser) -> None:
    course = a_course(mara)
    wrong = desk.post(where("goal_add", course.episode), {"words": "Take the bus", "value": "12"})
    assert wrong.status_code == 422
    assert "Take the bus" in body(wrong)
    assert desk.post(where("goal_add", course.episode), {"words": "Take the bus", "value": "1"}).status_code == 303
    (goal,) = goal_series(viewer=mara, at=AT, episode_id=course.episode)
    rate = where("goal_rate", course.episode, goal.id)
    desk.post(rate, {"value": "4"})
    desk.post(rate, {"value": "44"})
    page = body(desk.get(where("goals", course.episode)))
    assert "Take the bus" in page
    desk.post(rate, {"mark": "reached"})
    (goal,) = goal_series(viewer=mara, at=AT, episode_id=course.episode)
    assert ([point.value for point in goal.points], goal.mark) == ([1, 4], "reached")


# --- strangers, and the cost of pages

PAGES = ("episode", "assessment", "problems", "decision", "contract", "contract_new", "contract_print", "goals")


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_gets_what_an_unknown_id_gets(mara: Actor, page: str) -> None:
    course, _ = offered(mara, "Amina Canary")
    stranger = signed_in(a_therapist("Ivo Brandt"))
    foreign, unknown = stranger.get(where(page, course.episode)), stranger.get(where(page, uuid4()))
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    assert b"Canary" not in foreign.content
    assert signed_in(client_account(course)).get(where(page, course.episode)).status_code == 403


def test_a_stranger_finds_no_referral_and_changes_nothing(mara: Actor) -> None:
    course, offer = offered(mara, "Amina Canary")
    stranger = signed_in(a_therapist("Ivo Brandt"))
    assert stranger.get(where("referral", course.referral)).content == stranger.get(where("referral", uuid4())).content
    assert "Canary" not in body(stranger.get(where("referrals")))
    goal = add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client="Take the bus")
    data = {"text": "x", "outcome": "accepted", "words": "x", "value": "3", "to": "active", "reason": "x"}
    data |= {"signed_on": "2026-03-02", "signed_by": "x"}
    for url in (
        where("referral_decide", course.referral),
        where("referral_consent", course.referral),
        where("section_save", course.episode, "why_now"),
        where("without_therapy", course.episode),
        where("contract_paper", course.episode, offer),
        where("goal_add", course.episode),
        where("goal_rate", course.episode, goal),
        where("episode_move", course.episode),
    ):
        assert (
            stranger.post(url, {**data, "reason": "x", "signed_on": "2026-03-02", "signed_by": "x"}).status_code == 404
        )


def test_nothing_changes_by_looking(mara: Actor, desk: Browser) -> None:
    course, offer = offered(mara)
    for name, args in (
        ("referral_decide", (course.referral,)),
        ("section_save", (course.episode, "why_now")),
        ("contract_paper", (course.episode, offer)),
        ("goal_add", (course.episode,)),
        ("episode_move", (course.episode,)),
    ):
        assert desk.get(where(name, *args)).status_code == 405


def test_three_cost_as_much_as_one(mara: Actor, desk: Browser) -> None:
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    course = in_assessment(mara)
    counts = []
    for more in (1, 2):
        for number in range(more):
            referred(mara, f"Client {more}{number}", received_on=date(2026, 1, 5))
            section = (GuideSection.WHY_NOW, GuideSection.STORY, GuideSection.SAFETY)[more - 1 + number]
            save_section(
                actor=mara, at=AT, episode_id=course.episode, section=section, explored=Explored.EXPLORED,
                text="x", version=0,
            )  # fmt: skip
            add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client="Bus", value=1)
        cost(where("referrals"))
        counts.append([cost(where("referrals")), *(cost(where(p, course.episode)) for p in ("assessment", "goals"))])
    assert counts[0] == counts[1]


def test_safe_contact_that_nobody_touched_was_not_asked(mara: Actor, desk: Browser) -> None:
    """The form comes with every day ticked; leaving it so is no answer."""
    given = {name: value for name, value in NEW.items() if name != "safe-channels"}
    made = desk.post(where("referral_new"), {**given, "safe-days": [str(day) for day in range(7)]}, follow=True)
    assert "Nobody knows yet how to reach them safely" in body(made)
    asked = desk.post(where("referral_new"), NEW, follow=True)
    assert "Nobody knows yet how to reach them safely" not in body(asked)
