"""Everything of one course on one line."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.correspondence import agreed_to_messages
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_note, an_hour
from tests.factories.world import CANARY, a_world

from rapport.practice.alliance.choices import AllianceEvent
from rapport.practice.correspondence.actions import send_message
from rapport.practice.correspondence.choices import CorrespondenceEvent
from rapport.practice.endings.choices import EndingEvent
from rapport.practice.episodes.actions import add_goal, rate_goal
from rapport.practice.episodes.choices import EpisodeEvent
from rapport.practice.exercises.choices import TaskEvent
from rapport.practice.measures.choices import MeasureEvent
from rapport.practice.outcomes.choices import OutcomeEvent
from rapport.practice.safety.choices import SafetyEvent
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.sessions.actions import sign_note
from rapport.practice.sessions.choices import SessionEvent
from rapport.practice.speaking.choices import SpeakingEvent
from rapport.web.desk.case.words import KIND_OF, KINDS

EVENTS = [
    *(AllianceEvent, CorrespondenceEvent, EndingEvent, EpisodeEvent, TaskEvent, MeasureEvent, OutcomeEvent),
    *(SafetyEvent, SessionEvent, SpeakingEvent),
]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def read(course: Course, query: str = "") -> str:
    where = reverse("desk:timeline", args=[course.episode])
    return signed_in(course.therapist).get(f"{where}{query}").content.decode()


def lines(page: str) -> list[str]:
    found = re.findall(r'<div class="body"><p>(.*?)</p>', page)
    return [re.sub(r"<[^>]*>", "", each).strip() for each in found]


def test_every_event_of_every_duty_has_its_kind_and_its_own_name() -> None:
    every = [event for events in EVENTS for event in events]
    assert len({str(event) for event in every}) == len(every)
    assert set(every) == set(KIND_OF)
    assert sum(len(events) for _words, events in KINDS.values()) == len(every)


def test_everything_is_on_it_and_nothing_that_was_said() -> None:
    """The whole world: each duty has its line, and no word of the client, the notes or the memos is there."""
    world = a_world()
    page = read(world.own.course)
    words = " | ".join(lines(page))
    for expected in (
        *("Referral received", "Agreement signed on paper", "Therapy began", "Therapy paused", "Goal added"),
        *("Session 1: held", "Note signed", "Added to a signed note", "Safety plan, version 1"),
        *("Answer that needed a person: acted on", "Task agreed", "Rupture memo, yours alone"),
        *("message", "Handed over by the client", "Summary letter given", "Tess Both begins to care"),
    ):
        assert expected in words, expected
    assert CANARY not in re.sub(r"<(title|h1).*?</\1>|CANARY-own-(name|preferred)[^<]*", "", page, flags=re.DOTALL)
    assert "Process note" not in words


def test_a_memo_is_seen_by_its_author_alone() -> None:
    world = a_world()
    where = reverse("desk:timeline", args=[world.own.episode])
    page = signed_in(world.colleague).get(where).content.decode()
    assert "Note signed" in page
    assert "Rupture memo" not in page
    assert "Contact between hours, begun" not in page


def test_kinds_are_chosen_by_links_and_together(course: Course) -> None:
    totals(course, "phq9", 17, 14)
    add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Cycle", value=3)
    assert {"Goal added", "PHQ-9: 17", "PHQ-9: 14"} <= set(lines(read(course)))
    assert lines(read(course, "?kind=goals&kind=unknown")) == ["Goal added", "Goal rated in the session"]
    both = lines(read(course, "?kind=goals&kind=measures"))
    assert "Goal added" in both
    assert "PHQ-9: 17" in both
    assert "begins to care" not in " ".join(both)
    page = read(course, "?kind=goals")
    assert 'href="?kind=measures&amp;kind=goals"' in page
    assert "Nothing of this kind" in read(course, "?kind=letters")


def test_days_limit_it_and_a_wrong_day_limits_nothing(course: Course) -> None:
    hour = an_hour(course)
    note = a_note(course, hour, "He slept.")
    sign_note(actor=course.therapist, at=AT, note_id=note, version=2)
    tomorrow = (AT + DAY).date().isoformat()
    assert "Note signed" in lines(read(course, f"?until={AT.date().isoformat()}"))
    assert "Nothing of this kind" in read(course, f"?since={tomorrow}&until={tomorrow}")
    page = read(course, "?since=soon")
    assert "One of the days cannot be read" in page
    assert "Note signed" in lines(page)


def test_messages_are_counted_by_day_and_side(course: Course) -> None:
    agreed_to_messages(course)
    client = client_account(course)
    for text in ("One", "Two"):
        send_message(actor=client, at=AT, episode_id=course.episode, text=text)
    send_message(actor=course.therapist, at=AT + MINUTE, episode_id=course.episode, text="Yes")
    assert lines(read(course, "?kind=messages")) == ["A message to the client", "2 messages from the client"]


def test_it_is_as_long_as_a_page_and_costs_the_same(course: Course) -> None:
    goal = add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Cycle", value=3)
    costs, sizes = [], []
    for more in (1, 80):
        for n in range(more):
            rate_goal(actor=course.therapist, at=AT + (n + more) * DAY, goal_id=goal, value=4)
        desk = signed_in(course.therapist)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(reverse("desk:timeline", args=[course.episode]))
        costs.append(len(asked))
        sizes.append(len(lines(page.content.decode())))
    assert costs[0] == costs[1]
    assert sizes[1] == 60
    assert "Page 2 of 2" in read(course, "?page=2")
    assert lines(read(course, "?page=999")) == lines(read(course, "?page=2"))
    assert costs[0] < 70


def test_it_is_read_once_in_the_trail(course: Course) -> None:
    read(course)
    events = AuditEvent.objects.filter(client=course.client, action="read")
    assert events.filter(object_type="course").count() == 1


def test_nobody_else_sees_it(course: Course) -> None:
    where = reverse("desk:timeline", args=[course.episode])
    foreign = signed_in(a_therapist("Ben Stone")).get(where)
    unknown = signed_in(a_therapist("Cleo Marsh")).get(reverse("desk:timeline", args=[uuid.uuid4()]))
    assert foreign.status_code == unknown.status_code == 404
    assert signed_in(client_account(course)).get(where).status_code == 403
    assert signed_in(a_manager()).get(where).status_code == 403
