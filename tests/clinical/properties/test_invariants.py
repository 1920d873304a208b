"""What holds for every input."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.measures.scoring import score
from rapport.clinical.outcomes.course import DatedScore, read_course
from rapport.clinical.outcomes.cut_offs import ChangeClass, classify
from rapport.clinical.outcomes.reliable_change import Reference, change_index, critical_value
from rapport.clinical.outcomes.yardstick import yardstick
from rapport.clinical.safety.answers import answers_needing_a_person
from rapport.clinical.safety.deadlines import ACKNOWLEDGE_WITHIN, acknowledge_by, escalation_times
from rapport.clinical.safety.working_hours import WorkingHours
from rapport.clinical.sessions.recurrence import occurrences, weekly

PHQ9 = load_instrument("phq9")
ANSWERS = st.dictionaries(
    st.sampled_from([item.key for item in PHQ9.items]), st.one_of(st.none(), st.integers(0, 3)), max_size=10
)
MOMENTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-01-01"), timezones=st.just(UTC)
)
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
WHOLE = st.integers(0, 40)


@given(ANSWERS)
def test_a_score_stays_on_its_scale_or_has_a_reason(answers: dict[str, int | None]) -> None:
    scored = score(PHQ9, answers)
    assert (scored.value is None) == bool(scored.reason)
    assert scored.value is None or PHQ9.low <= scored.value <= PHQ9.high


@given(ANSWERS)
def test_item_nine_is_never_missed_however_little_is_answered(answers: dict[str, int | None]) -> None:
    assert bool(answers_needing_a_person(PHQ9, answers)) == ((answers.get("9") or 0) >= 1)


@given(WHOLE, WHOLE, st.sampled_from(Direction), st.floats(0.5, 0.99), st.floats(1, 12), st.integers(1, 39))
def test_one_course_and_the_published_table_agree(
    pre: int, post: int, direction: Direction, reliability: float, sd: float, cut: int
) -> None:
    norms = Norms(0, 40, direction, reliability, clinical_mean=20, clinical_sd=sd, cut=cut)
    index = change_index(pre, post, Reference(reliability, sd))
    (table,) = classify(pre, post, index, cut=cut, critical=critical_value(), direction=direction)
    assert yardstick(CustomMeasure("x", "X", norms)).classify(pre, post) is table


@given(WHOLE, WHOLE, st.floats(1, 12))
def test_mirroring_the_scale_changes_no_class(pre: int, post: int, sd: float) -> None:
    days = date(2026, 1, 5), date(2026, 2, 2)
    low = Norms(0, 40, Direction.LOWER, 0.8, clinical_mean=25, clinical_sd=sd, cut=15)
    high = Norms(0, 40, Direction.HIGHER, 0.8, clinical_mean=15, clinical_sd=sd, cut=25)
    lower = read_course([DatedScore(days[0], pre), DatedScore(days[1], post)], CustomMeasure("x", "X", low))
    higher = read_course([DatedScore(days[0], 40 - pre), DatedScore(days[1], 40 - post)], CustomMeasure("x", "X", high))
    assert (lower.outcome, lower.sentence.code) == (higher.outcome, higher.sentence.code)


@given(st.integers(0, 27), st.integers(0, 27))
def test_who_recovered_began_as_a_case_and_ended_as_none(first: int, last: int) -> None:
    days = date(2026, 1, 5), date(2026, 2, 2)
    reading = read_course([DatedScore(days[0], first), DatedScore(days[1], last)], PHQ9)
    recovered = first >= 10 and last < 10 and first - last >= 6
    assert (reading.outcome is ChangeClass.RECOVERED) == recovered


@settings(deadline=None)
@given(MOMENTS, ZONES)
def test_a_deadline_is_in_working_time_and_never_too_late(raised: datetime, zone: str) -> None:
    hours = WorkingHours.weekly(zone, time(9), time(17))
    due = acknowledge_by(raised, hours)
    assert raised < due <= hours.end_of_next_working_day(raised)
    assert hours.working_time(raised, due) == ACKNOWLEDGE_WITHIN
    times = escalation_times(raised, due, hours, until=due + timedelta(hours=3))
    assert list(times) == sorted(set(times))
    assert due in times


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.integers(5, 22), ZONES, st.integers(1, 3))
def test_a_series_keeps_its_wall_time(first: date, hour: int, zone: str, weeks: int) -> None:
    start = datetime.combine(first, time(0), UTC) - timedelta(days=1)
    found = occurrences(weekly(zone, first, time(hour), 50, every_weeks=weeks), start, start + timedelta(days=120))
    local = [one.period.start.astimezone(ZoneInfo(zone)) for one in found]
    assert {(one.hour, one.weekday()) for one in local} == {(hour, first.weekday())}
    assert {later.date() - earlier.date() for earlier, later in pairwise(local)} == {timedelta(weeks=weeks)}
