"""The demo practice holds what it promises, keeps every rule of the house, and tells nobody's secrets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from rapport.clinical.outcomes.five_fields import Bend
from rapport.clinical.safety.answers import Severity
from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.states import SessionState
from rapport.demo.build import build_practice
from rapport.demo.texts import clients
from rapport.practice.clients.queries import directory
from rapport.practice.endings.queries import ending
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.queries import caseload, goal_series, referral_inbox
from rapport.practice.measures.queries import safety_balance, scores
from rapport.practice.organisation.queries import practice, rooms
from rapport.practice.outcomes.queries import thread, worth_a_look
from rapport.practice.post.choices import State
from rapport.practice.post.queries import kept_mail, outbox
from rapport.practice.safety.queries import alert, closed_alerts, open_alerts
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import people, person
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.audit.verify import verify
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.security.policy.access import Refused
from rapport.practice.security.policy.actor import SYSTEM, Actor, Role
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.queries import day, note, note_marks, sessions_of
from rapport.web.portal.audit.words import SUBJECTS

NOW = datetime(2026, 3, 4, 10, 10, tzinfo=UTC)  # a Wednesday morning


@dataclass(frozen=True, slots=True)
class Demo:
    """The people of the practice that was built."""

    manager: Actor
    therapists: tuple[Actor, ...]
    progress: tuple[float, ...]

    def episodes(self, *, closed: bool | None = None):  # type: ignore[no-untyped-def]
        asked = (False, True) if closed is None else (closed,)
        return [
            (therapist, one)
            for therapist in self.therapists
            for over in asked
            for one in caseload(viewer=therapist, at=NOW, closed=over)
        ]

    def sessions(self):  # type: ignore[no-untyped-def]
        return [
            hour
            for therapist, one in self.episodes()
            for hour in sessions_of(viewer=therapist, at=NOW, episode_id=one.id)
        ]


# One worker plays the year once, and no other test runs in the middle of it.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """One practice for all tests of this file, taken back at the end."""
    seen: list[float] = []
    forget_keys()  # those of the test before were rolled back with it
    with (
        django_db_blocker.unblock(),
        override_settings(INSTALLATION=replace(settings.INSTALLATION, demo=True)),
        transaction.atomic(),
        transaction.atomic(using="keys"),
    ):
        build_practice(progress=seen.append, at=NOW)
        staff = [person(row) for row in Account.objects.filter(client_id=None).order_by("created_at")]
        yield Demo(
            next(one for one in staff if Role.MANAGER in one.roles),
            tuple(one for one in staff if Role.THERAPIST in one.roles),
            tuple(seen),
        )
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="keys")


def test_three_therapists_a_manager_and_twenty_four_clients(demo: Demo) -> None:
    assert len(demo.therapists) == 3
    assert len(people(viewer=demo.manager, at=NOW)) == 4
    assert len(directory(viewer=demo.manager, at=NOW)) == 24
    assert len({one["name"] for one in clients()}) == 24
    assert len(rooms(viewer=demo.manager, at=NOW)) == 3
    assert practice(viewer=demo.manager, at=NOW).founded


def test_whatever_a_year_writes_about_a_client_has_the_client_s_own_words(demo: Demo) -> None:
    written = AuditEvent.objects.filter(private_to=None).exclude(client=None)
    kinds = set(written.values_list("object_type", flat=True))
    assert len(kinds) > 20
    assert kinds <= set(SUBJECTS)


def test_progress_is_told_and_ends(demo: Demo) -> None:
    assert demo.progress[0] == 0
    assert demo.progress[-1] == 1
    assert list(demo.progress) == sorted(demo.progress)


def test_every_stage_of_a_course_is_there(demo: Demo) -> None:
    states = Counter(one.state for _, one in demo.episodes())
    assert states[EpisodeState.ACTIVE] >= 12
    wanted = {"referred", "waiting", "signposted", "declined", "assessment"}
    assert {EpisodeState(one) for one in wanted} <= set(states)
    assert referral_inbox(viewer=demo.manager, at=NOW)


def test_a_year_of_hours_with_everything_that_happens_to_them(demo: Demo) -> None:
    hours = demo.sessions()
    found = Counter(hour.attendance for hour in hours if hour.attendance)
    assert found[Attendance.ATTENDED] > 180
    assert set(found) == set(Attendance)
    assert min(hour.planned_start for hour in hours) < NOW - timedelta(days=300)


@pytest.mark.parametrize("who", [0, 1, 2])
def test_today_is_alive_for_each_therapist(demo: Demo, who: int) -> None:
    today = day(viewer=demo.therapists[who], at=NOW, day=NOW.date())
    near = [hour for hour in today if abs(hour.planned_start - NOW) <= timedelta(minutes=30)]
    assert near
    assert {hour.state for hour in today} & {SessionState.ENDED}
    assert {hour.state for hour in today} & {SessionState.PLANNED}


def test_the_links_lead_to_people_with_something_to_see(demo: Demo) -> None:
    """`make_demo_link` takes whoever came first in a role."""
    first = Account.objects.exclude(client_id=None).order_by("created_at", "id")[0]
    assert person(first).name == "Jonas Weber"
    assert demo.therapists[0].name == "Mara Okonjo"


def test_therapies_ended_in_different_ways_with_a_letter(demo: Demo) -> None:
    endings = [ending(viewer=t, at=NOW, episode_id=e.id) for t, e in demo.episodes(closed=True) if e.began]
    assert len({one.details.kind for one in endings if one.details}) >= 4
    assert all(one.result and one.letter and one.letter.released_at for one in endings)


def test_one_client_is_off_course_and_others_get_better(demo: Demo) -> None:
    ways = []
    for therapist, one in demo.episodes():
        for series in scores(viewer=therapist, at=NOW, episode_id=one.id):
            values = [point.value for point in series.points if point.value is not None]
            if series.instrument_id == "phq9" and len(values) > 2:
                ways.append((values[-1] - values[0], one.client_name))
    assert [name for change, name in ways if change >= 6] == ["Grace Ofori"]
    assert sum(change <= -6 for change, _ in ways) >= 5


def test_threads_run_from_a_signal_to_the_bend_and_some_ends_are_open(demo: Demo) -> None:
    mara = demo.therapists[0]
    ends = {
        line.episode.client_name: line.thread.open_end
        for line in worth_a_look(viewer=mara, at=NOW)
        if line.thread is not None
    }
    assert ends.get("Grace Ofori") is not None
    bends = {
        turn.decided.bend
        for therapist, one in demo.episodes()
        for facts in [thread(viewer=therapist, at=NOW, episode_id=one.id)]
        for turn in (facts.turns if facts else ())
        if turn.decided is not None
    }
    assert {Bend.BETTER, Bend.STILL_OFF} <= bends


def test_growth_work_began_in_the_healthy_range(demo: Demo) -> None:
    well = []
    for therapist, one in demo.episodes():
        found = {s.instrument_id: s.points for s in scores(viewer=therapist, at=NOW, episode_id=one.id)}
        if "who5" in found and len(found["who5"]) > 5 and all((p.value or 0) >= 50 for p in found["who5"]):
            well.append(one.client_name)
    assert {"Henrik Dahl", "Rowan Achterberg", "Delroy Campbell"} <= set(well)


def test_one_alert_of_today_waits_and_earlier_ones_were_acted_on(demo: Demo) -> None:
    waiting = [line for therapist in demo.therapists for line in open_alerts(viewer=therapist, at=NOW)]
    assert [line.client_name for line in waiting] == ["Sinéad Kelly"]
    assert waiting[0].raised_at.date() == NOW.date()
    assert waiting[0].severity is Severity.ACT_TODAY
    done = [line for therapist in demo.therapists for line in closed_alerts(viewer=therapist, at=NOW)]
    assert len(done) == 2


def test_no_answer_is_without_its_alert_and_the_chain_holds(demo: Demo) -> None:
    balance = safety_balance(viewer=SYSTEM, at=NOW)
    assert (balance.positive, balance.without_alert) == (3, 0)
    verified = verify(None)
    assert verified.finding is None
    assert verified.events > 5000


def test_the_chain_tells_the_year_in_the_order_of_time(demo: Demo) -> None:
    events = list(AuditEvent.objects.exclude(action="read").order_by("seq").values_list("at", "action", "object_type"))
    assert events[-1][0] <= NOW
    assert not [
        f"{what[1]} {what[2]} at {what[0]:%d %b %H:%M} after {before[0]:%d %b %H:%M}"
        for before, what in pairwise(events)
        if what[0] < before[0] - timedelta(hours=1)
    ]


def test_the_manager_reads_nothing_clinical(demo: Demo) -> None:
    therapist, one = next((t, e) for t, e in demo.episodes() if e.client_name == "Sinéad Kelly")
    hour = next(h for h in sessions_of(viewer=therapist, at=NOW, episode_id=one.id) if h.number == 3)
    written = note_marks(viewer=therapist, at=NOW, session_ids=[hour.id])[hour.id]
    waiting = open_alerts(viewer=therapist, at=NOW)[0]
    for reading in (
        lambda: scores(viewer=demo.manager, at=NOW, episode_id=one.id),
        lambda: goal_series(viewer=demo.manager, at=NOW, episode_id=one.id),
        lambda: note(viewer=demo.manager, at=NOW, note_id=written[0].note_id),
        lambda: alert(viewer=demo.manager, at=NOW, alert_id=waiting.id),
    ):
        with pytest.raises(Refused):
            reading()


def test_mail_is_kept_and_says_nothing(demo: Demo) -> None:
    messages = outbox(viewer=demo.manager, at=NOW)
    assert any(message.state is State.KEPT for message in messages)
    assert {"appointment", "invitation", "item_waits"} <= {message.kind for message in messages}
    names = {part for one in clients() for part in str(one["name"]).split()}
    for message in messages:
        if message.state is State.KEPT:
            body = kept_mail(viewer=demo.manager, at=NOW, message_id=message.id).words.body
            assert not names & set(re.findall(r"\w+", body))


def test_hours_had_an_effect_of_their_own(demo: Demo) -> None:
    said = [hour.effect for hour in demo.sessions() if hour.effect]
    assert len(said) > 100
    assert set(Side) == {Side.BEFORE, Side.AFTER}
