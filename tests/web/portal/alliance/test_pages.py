"""After the hour, on the client's own device."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour

from rapport.clinical.alliance.speaking_freely import Freely
from rapport.practice.alliance import actions
from rapport.practice.alliance.models import HourWords, Tap
from rapport.practice.foundation import clock
from rapport.web.portal.alliance.asked import asked
from rapport.web.portal.asked import Timeliness

HOUR = timedelta(hours=1)


class Home:
    """A client whose hour ended a little while ago."""

    def __init__(self) -> None:
        a_practice()
        self.now = clock.now()
        self.course = a_course(a_therapist())
        self.session = a_held_hour(self.course, self.now - HOUR)
        self.client = client_account(self.course)
        self.browser = signed_in(self.client)
        self.after = f"/portal/after/{self.session}/"

    def asked(self) -> tuple[str, str] | None:
        found = asked(SimpleNamespace(actor=self.client, at=self.now))
        if found is None:
            return None
        assert found.when is Timeliness.AFTER_THE_HOUR
        return found.words, found.href


@pytest.fixture
def home() -> Home:
    return Home()


def test_one_question_at_a_time_each_may_be_skipped(home: Home) -> None:
    assert home.browser.get(home.after).headers["Location"] == f"{home.after}heard/"
    page = home.browser.get(f"{home.after}heard/").content.decode()
    assert "Did you feel heard today?" in page
    assert "Did we work on" not in page
    assert "Skip this" in page
    assert "If you need help now" in page
    path = home.browser.post(f"{home.after}heard/", {"value": "9"}).headers["Location"]
    assert path == f"{home.after}mattered/"
    done = home.browser.post(
        f"{home.after}words/", {"comment": "Slower, please", "eyes_only": "on", "most": "The pause", "most_value": "8"}
    )
    assert done.headers["Location"] == f"{home.after}thanks/"
    assert "Thank you" in home.browser.get(f"{home.after}thanks/").content.decode()
    assert list(Tap.objects.values_list("question", "way")) == [("heard", "portal")]
    assert set(HourWords.objects.values_list("kind", "eyes_only")) == {("comment", True), ("most", True)}


def test_nothing_typed_is_a_skip_and_a_wrong_tap_asks_again(home: Home) -> None:
    assert home.browser.post(f"{home.after}words/", {}).status_code == 303
    assert home.browser.post(f"{home.after}heard/", {"value": "x"}).status_code == 422
    too_long = home.browser.post(f"{home.after}words/", {"comment": "long " * 900})
    assert too_long.status_code == 422
    assert "long long" in too_long.content.decode()
    assert not HourWords.objects.exists()


def test_the_first_page_asks_what_is_still_open(home: Home) -> None:
    assert home.asked() == ("How was our hour?", f"{home.after}heard/")
    home.browser.post(f"{home.after}overall/", {"value": "9"})
    assert home.asked() == ("How freely could you speak?", f"{home.after}feelings/")
    home.browser.post(f"{home.after}mind/", {"value": "3"})
    assert home.asked() is None


def test_after_a_day_it_is_closed(home: Home) -> None:
    old = a_held_hour(home.course, home.now - timedelta(days=3))
    assert "It stays open for a day" in home.browser.get(f"/portal/after/{old}/heard/").content.decode()
    assert home.browser.post(f"/portal/after/{old}/heard/", {"value": "3"}).status_code == 422


def test_ones_own_past_without_marks(home: Home) -> None:
    assert "Nothing here yet" in home.browser.get("/portal/freely/").content.decode()
    for weeks, value in ((3, 4), (2, 4), (1, 8)):
        start = home.now - timedelta(days=7 * weeks)
        session = a_held_hour(home.course, start)
        actions.say_after_hour(actor=home.client, at=start + HOUR, session_id=session, answers={Freely.FEELINGS: value})
    page = home.browser.get("/portal/freely/").content.decode()
    assert "you could say more than you usually do" in page
    assert "never tested as a measure" in page
    for judging in ("streak", "in a row", "better.", "well done", "badge "):
        assert judging not in page.lower()


def test_another_client_finds_nothing(home: Home) -> None:
    other = signed_in(client_account(a_course(home.course.therapist, "Amina Bello"), "Amina Bello"))
    assert other.get(f"{home.after}heard/").status_code == 404
    assert other.post(f"{home.after}heard/", {"value": "3"}).status_code == 404
    assert other.get(f"/portal/after/{home.session}/nothing/").status_code == 404
