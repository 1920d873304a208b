"""All courses, those first that need somebody, with the reason in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.correspondence import agreed_to_messages
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour
from tests.factories.world import a_world

from rapport.practice.correspondence.actions import send_message
from rapport.practice.security.policy.actor import Actor

DAY = timedelta(days=1)


@pytest.fixture
def mara() -> Actor:
    a_practice()
    return a_therapist()


def therapy(mara: Actor, name: str) -> Course:
    """A course in therapy whose agreement allows messages."""
    course = a_course(mara, name=name, at=AT - 30 * DAY)
    agreed_to_messages(course, at=AT - 9 * DAY)
    return course


def rows(mara: Actor) -> list[tuple[str, list[str]]]:
    """Each line of the caseload: who, and why."""
    page = signed_in(mara).get(reverse("desk:caseload")).content.decode()
    found = []
    for line in re.findall(r'<tr>\s*<th scope="row">(.*?)</tr>', page, re.DOTALL):
        who = re.search(r"<a [^>]*>(.*?)</a>", line)
        assert who
        why = [re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r"<li[^>]*>(.*?)</li>", line, re.DOTALL)]
        found.append((who[1], why))
    return found


def test_who_needs_somebody_comes_first_and_the_reason_stands_beside(mara: Actor) -> None:
    calm, worse, writes, danger = (therapy(mara, name) for name in ("Ada", "Bo", "Cy", "Di"))
    for course, values in ((calm, (12, 11)), (worse, (10, 25)), (writes, (20, 4)), (danger, (12, 11))):
        totals(course, "phq9", *values, first=(AT - 20 * DAY).date())
    send_message(
        actor=client_account(writes, "Cy", at=AT - 2 * DAY), at=AT - DAY, episode_id=writes.episode, text="Please call"
    )
    an_alert(danger, client_account(danger, "Di", at=AT - 2 * DAY))
    found = rows(mara)
    assert [who for who, _why in found] == ["Di", "Cy", "Bo", "Ada"]
    assert found[0][1][0] == "an answer waits for you"
    assert found[1][1][0].startswith("a message waits, since")
    later = ["no next session is booked", "no score for six weeks"]  # the page's clock is today's
    assert found[2][1] == ["reliably worse than at the start", *later]
    assert found[3][1] == later


def test_a_worse_score_moves_nobody_further_up(mara: Actor) -> None:
    for name, last in (("Ada", 20), ("Bo", 27)):
        course = therapy(mara, name)
        totals(course, "phq9", 10, last, first=(AT - 20 * DAY).date())
    assert [who for who, _why in rows(mara)] == ["Ada", "Bo"]


def test_no_next_session_and_nothing_measured_are_said_calmly(mara: Actor) -> None:
    therapy(mara, "Ada")
    assert rows(mara) == [("Ada", ["no next session is booked", "nothing measured yet"])]


def test_at_most_three_reasons_and_how_many_more() -> None:
    """The world's client is in everything at once; a colleague does not learn of the memo."""
    world = a_world()
    for viewer, sees in ((world.carer, True), (world.colleague, False)):
        ((_who, why),) = [row for row in rows(viewer) if row[1]]
        assert len(why) <= 4
        assert why[-1].startswith("and ") if len(why) == 4 else True
        page = signed_in(viewer).get(reverse("desk:caseload")).content.decode()
        assert "a rupture is open" not in page or sees


def test_the_number_of_statements_does_not_grow_with_the_clients(mara: Actor) -> None:
    costs = []
    for names in (("Ada",), ("Bo", "Cy")):
        for place, name in enumerate(names):
            course = therapy(mara, name)
            a_held_hour(course, start=AT - (6 + place + len(names)) * DAY)
            totals(course, "phq9", 12, 11, first=(AT - 20 * DAY).date())
            send_message(actor=client_account(course), at=AT, episode_id=course.episode, text="Hello")
        desk = signed_in(mara)
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("desk:caseload"))
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert costs[0] < 60


def test_a_message_that_waits_stands_on_the_first_page(mara: Actor) -> None:
    course = therapy(mara, "Cy")
    send_message(
        actor=client_account(course, at=AT - 2 * DAY), at=AT - DAY, episode_id=course.episode, text="Please call"
    )
    page = signed_in(mara).get(reverse("desk:today")).content.decode()
    assert "Cy wrote to you" in page
    assert "Please call" not in page
    assert reverse("desk:messages", args=[course.episode]) in page
