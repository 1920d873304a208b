"""The arithmetic of the frame: what holds for any hour, and what the house rules say of a few."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.contact_hours import read_hours
from rapport.clinical.sessions.frame import (
    ContactPurpose,
    Drift,
    FrameChange,
    FrameChangeKind,
    FrameContact,
    FrameHour,
    Initiator,
    WhoWasLate,
    changes_in,
    count_contacts,
    drift,
    extra_time,
    slot_stability,
    summarise_drift,
)

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
minutes = st.integers(-60, 120)
late = st.sampled_from(WhoWasLate)


def hour(
    start: int = 0, end: int = 50, agreed: int = 50, who: WhoWasLate = WhoWasLate.UNKNOWN, day: int = 0
) -> FrameHour:
    planned = TEN + day * DAY
    return FrameHour(planned, planned + start * MINUTE, planned + end * MINUTE, agreed, who)


@given(minutes, st.integers(0, 200), st.integers(1, 120), late)
def test_start_drift_is_only_the_difference_of_the_starts(
    start: int, length: int, agreed: int, who: WhoWasLate
) -> None:
    assert drift(hour(start, start + length, agreed, who)).start == start


@given(minutes, st.integers(0, 200), st.integers(1, 120), late, st.integers(-60, 60))
def test_a_minute_longer_is_a_minute_of_drift(start: int, length: int, agreed: int, who: WhoWasLate, more: int) -> None:
    more = max(more, -length)
    first, second = (drift(hour(start, start + each, agreed, who)).end for each in (length, length + more))
    assert second - first == pytest.approx(more)


@given(minutes, st.integers(0, 200), st.integers(1, 120), late, st.integers(-5000, 5000))
def test_the_calendar_does_not_matter(start: int, length: int, agreed: int, who: WhoWasLate, day: int) -> None:
    assert drift(hour(start, start + length, agreed, who, day)) == drift(hour(start, start + length, agreed, who))


@given(st.integers(1, 60), st.integers(1, 120))
def test_a_late_client_leaves_the_end_where_it_was(start: int, agreed: int) -> None:
    ended_on_time = drift(hour(start, max(start, agreed), agreed, WhoWasLate.CLIENT))
    assert ended_on_time.end == max(0, start - agreed)


@given(st.integers(0, 60), st.integers(1, 120))
def test_a_late_therapist_gives_the_whole_length(start: int, agreed: int) -> None:
    assert drift(hour(start, start + agreed, agreed, WhoWasLate.THERAPIST)).end == 0


@given(st.integers(-60, 0), st.integers(1, 120), late)
def test_beginning_early_moves_no_end(start: int, agreed: int, who: WhoWasLate) -> None:
    assert drift(hour(start, agreed, agreed, who)).end == 0


@pytest.mark.parametrize(
    ("start", "who", "said"),
    [
        (5, WhoWasLate.THERAPIST, WhoWasLate.THERAPIST),
        (5, WhoWasLate.UNKNOWN, WhoWasLate.UNKNOWN),
        (0, WhoWasLate.THERAPIST, WhoWasLate.NOBODY),
        (-5, WhoWasLate.UNKNOWN, WhoWasLate.NOBODY),
        (-5, WhoWasLate.CLIENT, WhoWasLate.CLIENT),
        (5, WhoWasLate.CLIENT, WhoWasLate.CLIENT),
    ],
)
def test_nobody_is_called_late_who_was_not(start: int, who: WhoWasLate, said: WhoWasLate) -> None:
    assert drift(hour(start, who=who)).late is said


@pytest.mark.parametrize("field", ["planned_start", "started_at", "ended_at"])
def test_an_hour_without_its_zone_has_no_drift(field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        drift(replace(hour(), **{field: TEN.replace(tzinfo=None)}))
    assert refused.value.field == field


def test_beginnings_and_endings_are_summed_up_apart() -> None:
    found = summarise_drift([Drift(start, 10 * start, WhoWasLate.NOBODY) for start in (1, 2, 6)])
    assert (found.start.name, found.start.value) == ("Beginning, median of the last 5", 2)
    assert (found.end.name, found.end.value) == ("Ending, median of the last 5", 20)
    assert (found.start.unit, found.start.source, found.start.reason) == ("minutes", "House rule", "")
    assert summarise_drift([]).start.reason == "no_sessions_yet"


@given(st.lists(st.floats(-30, 60), max_size=12))
def test_the_tick_needs_three_of_the_last_five(ends: list[float]) -> None:
    found = summarise_drift([Drift(0, end, WhoWasLate.NOBODY) for end in ends])
    assert found.ran_over == sum(end >= 5 for end in ends[-5:])
    assert found.is_ticked == (found.ran_over >= 3)
    assert found.end.n == min(5, len(ends))
    assert found.end.evidence == "C"
    assert (found.end.value is None) == (not ends)


def test_no_length_is_refused() -> None:
    with pytest.raises(ClinicalError) as refused:
        hour(agreed=0)
    assert refused.value.field == "agreed_minutes"


@given(st.lists(st.sampled_from([True, False, None]), max_size=30))
def test_the_slot_is_a_share_of_what_is_known(flags: list[bool | None]) -> None:
    hours = [FrameHour(TEN, TEN, TEN + 50 * MINUTE, 50, in_slot=flag) for flag in flags]
    card, known = slot_stability(hours), [flag for flag in flags[-10:] if flag is not None]
    assert card.value == (pytest.approx(sum(known) / len(known)) if known else None)
    assert (card.reason, card.n) == ("" if known else "no_fixed_slot", len(known))


def contact(day: float, purpose: ContactPurpose = ContactPurpose.OTHER, *, inside: bool | None = False) -> FrameContact:
    return FrameContact(TEN + day * DAY, Initiator.CLIENT, purpose, inside, 10)


def test_contacts_of_a_crisis_are_counted_apart_and_only_outside_the_agreed_hours() -> None:
    contacts = [
        contact(0), contact(1, ContactPurpose.CRISIS), contact(2, inside=True), contact(3, inside=None), contact(-40),
        contact(4, ContactPurpose.CRISIS),
    ]  # fmt: skip
    found = count_contacts(contacts, TEN + 20 * DAY)
    assert (dict(found.crisis)[Initiator.CLIENT], dict(found.other)[Initiator.CLIENT]) == (2, 1)
    assert (found.outside, found.unknown) == (3, 1)
    assert dict(found.by_purpose) == {ContactPurpose.CRISIS: 2, ContactPurpose.OTHER: 1}


@pytest.mark.parametrize(("days", "counted"), [(-0.01, 0), (0, 1), (30, 1), (30.01, 0)])
def test_thirty_days_are_counted_to_their_last_moment(days: float, counted: int) -> None:
    assert count_contacts([contact(0)], TEN + days * DAY).outside == counted


@pytest.mark.parametrize(("then", "at", "field"), [(TEN.replace(tzinfo=None), TEN, "then"),
                                                   (TEN, TEN.replace(tzinfo=None), "at")])  # fmt: skip
def test_a_contact_without_its_zone_is_not_counted_anywhere(then: datetime, at: datetime, field: str) -> None:
    with pytest.raises(ClinicalError) as refused:
        count_contacts([replace(contact(0), at=then)], at)
    assert refused.value.field == field


def test_extra_time_is_what_was_given_and_never_less_than_nothing() -> None:
    hours = [hour(end=57), hour(end=40, day=1), hour(end=80, day=-60)]
    inside, unknown = (replace(contact(1, inside=known), minutes=25) for known in (True, None))
    brief = replace(contact(2), minutes=None)
    card = extra_time(hours, [contact(0), inside, unknown, brief], TEN + 20 * DAY)
    assert (card.value, card.inputs) == (17, (("past the end", 7), ("contacts", 10)))
    assert (card.name, card.unit, card.n, card.reason) == ("Extra time", "minutes", 4, "")


def test_changes_are_another_place_a_double_hour_and_what_is_told() -> None:
    def at(day: int, place: str, agreed: int = 50) -> FrameHour:
        start = TEN + day * DAY
        return FrameHour(start, start, start + agreed * MINUTE, agreed, place=place)

    hours = [at(-100, "a"), at(-95, "b"), at(0, "b"), at(7, "a"), at(14, "a", 100)]
    told = [FrameChange(FrameChangeKind.AGREEMENT, TEN)]
    found = [change.kind for change in changes_in(hours, 50, told, TEN + 20 * DAY)]
    assert found == [FrameChangeKind.DOUBLE, FrameChangeKind.PLACE, FrameChangeKind.AGREEMENT]
    assert [change.kind for change in changes_in([at(0, "a", 75)], 50, (), TEN)] == [FrameChangeKind.DOUBLE]
    assert changes_in([at(0, "a", 74)], 50, (), TEN) == ()


@pytest.mark.parametrize(
    ("words", "days", "opens", "closes"),
    [
        ("Monday to Friday, 9:00 to 17:00", range(5), time(9), time(17)),
        ("On working days between 08:30 and 18:00.", range(5), time(8, 30), time(18)),
        ("Tuesdays and Thursdays 2pm-4.30pm", (1, 3), time(14), time(16, 30)),
        ("Sat – Mon, 10–12", (5, 6, 0), time(10), time(12)),
        ("Monday to Tuesday and Thursday to Friday, 9am to 5pm", (0, 1, 3, 4), time(9), time(17)),
        ("Mondays, 12am to 12pm", (0,), time(0), time(12)),
        ("Mondays, 12pm to 1pm", (0,), time(12), time(13)),
    ],
)
def test_hours_are_read_from_plain_words(words: str, days: range, opens: time, closes: time) -> None:
    found = read_hours(words)
    assert found is not None
    assert (found.days, found.opens, found.closes) == (frozenset(days), opens, closes)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "when you need me",
        "9 to 5",
        "Monday",
        "Mon 9–12 and 14–16",
        "Mon 17:00 to 9:00",
        "Mon 9 to 9",
        "Mon 9 to 24:00",
        "Mon 24:00 to 9",
        "Mon 9 to 25",
        "Mon 9:60 to 12",
        "Mon 9 to 12:60",
    ],
)
def test_what_cannot_be_read_is_not_guessed(words: str) -> None:
    assert read_hours(words) is None


@given(st.text(max_size=80))
def test_any_words_are_read_or_not(words: str) -> None:
    found = read_hours(words)
    assert found is None or found.opens < found.closes


def test_hours_hold_by_the_wall_on_both_sides_of_a_clock_change() -> None:
    hours, london = read_hours("Monday to Friday, 9:00 to 17:00"), ZoneInfo("Europe/London")
    assert hours is not None
    assert hours.hold(datetime(2026, 3, 27, 16, 30, tzinfo=UTC), london)
    assert not hours.hold(datetime(2026, 3, 30, 16, 30, tzinfo=UTC), london)


def test_hours_hold_from_their_first_minute_and_no_longer_than_their_last() -> None:
    hours, london = read_hours("Monday, 9:00 to 17:00"), ZoneInfo("Europe/London")
    assert hours is not None
    assert [hours.hold(TEN.replace(hour=hour), london) for hour in (9, 17)] == [True, False]
    with pytest.raises(ClinicalError) as refused:
        hours.hold(TEN.replace(tzinfo=None), london)
    assert refused.value.field == "at"
