"""The room in use and the prep card before it, as pages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import a_therapist, client_account, signed_in
from tests.factories.room import a_mark, a_thread
from tests.factories.sessions import a_held_hour, a_note, an_hour
from tests.web.desk.sessions.conftest import Desk

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.clinical.sessions.states import Place
from rapport.practice.episodes.actions import choose_modality
from rapport.practice.sessions import actions, queries
from rapport.practice.speaking.actions import prepare_hour
from rapport.practice.speaking.choices import Prepared

POSTS = ("mark", "mark/words", "did", "earlier", "undo", "agenda", "thread", "remember", "located", "switches")


@pytest.fixture
def running(desk: Desk) -> Desk:
    actions.start_session(actor=desk.course.therapist, at=desk.now - timedelta(minutes=4), session_id=desk.session)
    return desk


def board(desk: Desk) -> queries.Board:
    return queries.board(viewer=desk.course.therapist, at=desk.now, session_id=desk.session)


def room(desk: Desk, session: UUID | None = None) -> str:
    return desk.browser.get(f"/desk/room/{session or desk.session}/").content.decode()


def post(desk: Desk, where: str, **data: str) -> int:
    return desk.browser.post(f"/desk/room/{desk.session}/{where}/", data).status_code


def test_one_press_is_one_mark_and_pressed_twice_it_is_still_one(running: Desk) -> None:
    key = str(uuid4())
    assert post(running, "mark", kind="important", key=key) == 303
    assert post(running, "mark", kind="important", key=key) == 303
    (mark,) = board(running).marks
    assert (mark.kind, mark.minute) == (MarkKind.IMPORTANT, 4)
    assert "4′" in room(running)


def test_a_rupture_s_mark_leads_to_its_memo_with_the_minute(running: Desk) -> None:
    post(running, "mark", kind="important")
    assert "/desk/ruptures/new/" not in room(running).partition('id="trail"')[2]
    post(running, "mark", kind="rupture")
    memo = re.search(r'href="(/desk/ruptures/new/[^"]+)"', room(running).partition('id="trail"')[2])
    assert memo
    assert memo[1] == f"/desk/ruptures/new/?session={running.session}&amp;minute=4"
    assert 'name="minute" value="4"' in running.browser.get(memo[1].replace("&amp;", "&")).content.decode()


def test_with_the_script_a_mark_answers_with_the_trail_alone(running: Desk) -> None:
    answer = running.browser.post(
        f"/desk/room/{running.session}/mark/", {"kind": "dream"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "dream" in answer.content.decode()


def test_a_press_that_arrives_late_is_kept_at_its_own_time(running: Desk) -> None:
    post(running, "mark", kind="quote", ago="120")
    (mark,) = board(running).marks
    assert mark.minute == 2


def test_what_was_noted_is_taken_back_and_put_in_words(running: Desk) -> None:
    mark = a_mark(running.course, running.session, running.now)
    assert post(running, "mark/words", mark=str(mark), words="the sister") == 303
    assert "the sister" in room(running)
    assert post(running, "undo", noted=str(mark)) == 303
    assert "the sister" not in room(running)
    assert post(running, "undo") == 422


def test_an_intervention_in_two_taps(running: Desk) -> None:
    assert post(running, "did", did="open_question:dialogue") == 303
    (done,) = board(running).interventions
    assert (done.code, str(done.mode)) == ("open_question", "dialogue")
    assert post(running, "did", did="levitation:dialogue") == 422


def test_after_pen_and_paper_a_minute_is_chosen(running: Desk) -> None:
    assert post(running, "earlier", what="rupture", minute="1", words="about the fee") == 303
    assert post(running, "earlier", what="grounding", minute="2") == 303
    assert post(running, "earlier", what="rupture", minute="55") == 422
    kept = board(running)
    assert [(mark.minute, mark.words) for mark in kept.marks] == [(1, "about the fee")]
    assert [each.minute for each in kept.interventions] == [2]


@pytest.mark.parametrize(
    ("where", "data"),
    [
        ("mark", {"kind": "nonsense"}),
        ("mark", {"kind": "dream", "key": "x"}),
        ("did", {"did": "open_question"}),
        ("earlier", {"what": "dream", "minute": "soon"}),
        ("undo", {"noted": "x"}),
        ("thread", {"thread": "x"}),
        ("thread", {"title": " "}),
        ("agenda", {"words": ""}),
        ("agenda", {"item": "x"}),
    ],
)
def test_what_is_not_understood_is_said_and_changes_nothing(running: Desk, where: str, data: dict[str, str]) -> None:
    assert post(running, where, **data) == 422
    kept = board(running)
    assert not (kept.marks or kept.interventions or kept.threads or kept.agenda)


def test_the_agenda_has_the_client_s_things_first_and_is_put_in_order(running: Desk) -> None:
    for words, of_client in (("Holidays", ""), ("The task", ""), ("The letter", "on")):
        post(running, "agenda", words=words, of_client=of_client)
    letter, holidays, task = board(running).agenda
    assert (letter.words, holidays.words, task.words) == ("The letter", "Holidays", "The task")
    post(running, "agenda", item=str(task.id), do="up")
    assert [item.words for item in board(running).agenda] == ["The letter", "The task", "Holidays"]
    post(running, "agenda", item=str(task.id), do="down")
    post(running, "agenda", item=str(task.id), do=str(holidays.id))
    post(running, "agenda", item=str(letter.id), do="cover")
    post(running, "agenda", item=str(holidays.id), do="drop")
    assert [(item.words, item.is_covered) for item in board(running).agenda] == [
        ("The letter", True),
        ("The task", False),
    ]


def test_in_psychodynamic_work_there_is_no_agenda(running: Desk) -> None:
    assert 'id="agenda"' in room(running)
    choose_modality(
        actor=running.course.therapist, at=running.now, episode_id=running.course.episode,
        modality=Modality.PSYCHODYNAMIC,
    )  # fmt: skip
    page = room(running)
    assert 'id="agenda"' not in page
    assert "Task review" not in page
    assert "Offering a meaning" in page
    assert "Looking at a thought" not in page


def test_threads_are_opened_touched_parked_and_weighed(running: Desk) -> None:
    post(running, "thread", title="Her father")
    (thread,) = board(running).threads
    assert not thread.touched_here
    for do in ("touch", "touch", "3", "parked"):
        assert post(running, "thread", thread=str(thread.id), do=do) == 303
    (thread,) = board(running).threads
    assert (thread.touched_here, thread.importance, thread.status) == (True, 3, "parked")
    assert "One thread at rest" in room(running)


def test_where_the_client_is_is_asked_on_video_and_not_kept(desk: Desk) -> None:
    session = actions.book_session(
        actor=desk.course.therapist, at=desk.now - timedelta(days=3), episode_id=desk.course.episode,
        start=desk.now - timedelta(hours=2), end=desk.now - timedelta(minutes=65), place=Place.VIDEO,
    )  # fmt: skip
    actions.start_session(actor=desk.course.therapist, at=desk.now - timedelta(minutes=40), session_id=session)
    assert "They told me" in room(desk, session)
    desk.browser.post(f"/desk/room/{session}/located/")
    assert "They told me" not in room(desk, session)
    assert "said where they were" in desk.browser.get(f"/desk/sessions/{session}/").content.decode()
    assert post(desk, "located") == 422  # in the room nobody needs to ask


def test_glow_and_keys_can_be_off(running: Desk) -> None:
    page = room(running)
    assert "data-glow" in page
    assert "data-keys" in page
    assert post(running, "switches") == 303
    page = room(running)
    assert "data-glow" not in page
    assert "data-keys" not in page


def test_the_room_has_no_rail_and_nothing_of_other_clients(running: Desk) -> None:
    page = room(running)
    assert 'class="rail"' not in page
    assert 'class="tabbar"' not in page


def test_screen_off_leaves_the_time_or_nothing(running: Desk) -> None:
    time = running.browser.get(f"/desk/room/{running.session}/?screen=time").content.decode()
    nothing = running.browser.get(f"/desk/room/{running.session}/?screen=off").content.decode()
    assert "data-remaining" in time
    assert "data-remaining" not in nothing
    assert "Anna" not in time


def test_one_line_is_kept_for_the_next_hour_and_then_put_aside(running: Desk) -> None:
    actions.end_session(actor=running.course.therapist, at=running.now, session_id=running.session)
    assert post(running, "remember", words="Ask about the birthday") == 303
    assert "Ask about the birthday" in room(running)
    coming = an_hour(running.course, running.now + timedelta(days=7))
    card = running.browser.get(f"/desk/sessions/{coming}/prep/").content.decode()
    assert "Ask about the birthday" in card
    aside = re.search(r'name="aside" value="([^"]+)"', card)
    assert aside
    running.browser.post(f"/desk/room/{coming}/remember/", {"aside": aside[1]})
    assert "birthday" not in running.browser.get(f"/desk/sessions/{coming}/prep/").content.decode()


def test_the_prep_card_begins_with_what_was_said_at_the_door(running: Desk) -> None:
    a_thread(running.course, "The move to Leeds")
    actions.end_session(actor=running.course.therapist, at=running.now, session_id=running.session)
    mark = a_mark(running.course, running.session, running.now, minute=3, words="I may be pregnant")
    coming = an_hour(running.course, running.now + timedelta(days=7))
    card = running.browser.get(f"/desk/sessions/{coming}/prep/").content.decode()
    assert card.index("I may be pregnant") < card.index("The move to Leeds")
    data = {"mark": str(mark), "title": "I may be pregnant", "from": "prep"}
    for _press in range(2):
        assert running.browser.post(f"/desk/room/{coming}/thread/", data).headers["Location"].endswith("/prep/")
    card = running.browser.get(f"/desk/sessions/{coming}/prep/").content.decode()
    assert "Make it a thread" not in card
    assert card.count("I may be pregnant") == 1


def test_the_prep_card_says_what_stands_in_the_last_note(desk: Desk) -> None:
    card = f"/desk/sessions/{desk.session}/prep/"
    assert "no note from an earlier hour" in desk.browser.get(card).content.decode()
    held = a_held_hour(desk.course, desk.now - timedelta(days=7))
    a_note(desk.course, held, "We looked at the week. " * 40, at=desk.now)
    page = desk.browser.get(card).content.decode()
    assert "unsigned" in page
    assert page.count("We looked at the week") < 15


def test_the_prep_card_holds_what_the_client_wrote_for_today(desk: Desk) -> None:
    client = client_account(desk.course)
    said = Prepared(useful="To sleep again", week=2, ask="the letter from my brother")
    prepare_hour(actor=client, at=desk.now - timedelta(hours=2), session_id=desk.session, said=said)
    card = desk.browser.get(f"/desk/sessions/{desk.session}/prep/").content.decode()
    for words in ("To be asked about", "the letter from my brother", "To sleep again", "(very good): 2"):
        assert words in card


def hours_that_ran_over(desk: Desk, weeks: int) -> None:
    for week in range(1, weeks + 1):
        start = desk.now - timedelta(days=7 * week)
        session = an_hour(desk.course, start)
        actions.start_session(actor=desk.course.therapist, at=start, session_id=session)
        actions.end_session(actor=desk.course.therapist, at=start + timedelta(minutes=57), session_id=session)


def test_hours_that_run_over_are_said_as_information(desk: Desk) -> None:
    hours_that_ran_over(desk, 5)
    page = desk.browser.get(f"/desk/sessions/{desk.session}/prep/").content.decode()
    assert "5 of the last five hours ran over" in page
    assert "information" in page


def test_a_stranger_hears_the_same_as_for_what_is_unknown(running: Desk) -> None:
    stranger = signed_in(a_therapist("Ruth Stranger"))
    for where in POSTS:
        for session in (running.session, uuid.uuid4()):
            assert stranger.post(f"/desk/room/{session}/{where}/").status_code == 404, where
    assert stranger.get(f"/desk/sessions/{running.session}/prep/").status_code == 404


def test_a_colleague_in_care_reads_the_card_and_has_no_room(running: Desk) -> None:
    from tests.factories.people import a_manager

    from rapport.practice.episodes.actions import grant_care

    colleague = a_therapist("Tess Both")
    grant_care(
        actor=a_manager(), at=running.now - timedelta(days=1), episode_id=running.course.episode,
        therapist_id=colleague.account,
    )  # fmt: skip
    hours_that_ran_over(running, 3)
    browser = signed_in(colleague)
    card = browser.get(f"/desk/sessions/{running.session}/prep/")
    assert card.status_code == 200
    assert "ran over" not in card.content.decode()  # the frame is the therapist of record's alone
    assert "Open the room" not in card.content.decode()
    assert browser.post(f"/desk/room/{running.session}/mark/", {"kind": "dream"}).status_code == 404


@pytest.mark.parametrize("path", ["/desk/sessions/{}/prep/", "/desk/room/{}/"])
def test_more_of_everything_costs_no_more_statements(running: Desk, path: str) -> None:
    counts = []
    for number in (1, 3):
        for n in range(number):
            a_mark(running.course, running.session, running.now, words=f"{number}{n}")
            a_thread(running.course, f"Thread {number}{n}")
            post(running, "agenda", words=f"Item {number}{n}")
            post(running, "did", did="open_question:dialogue")
            a_held_hour(running.course, running.now - timedelta(days=7 * (number + n)))
        with CaptureQueriesContext(connection) as asked:
            assert running.browser.get(path.format(running.session)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert 5 < counts[0] <= 36
