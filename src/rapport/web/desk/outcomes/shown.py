"""Courses made ready for the therapist's pages: sentences, pictures and cards beside the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.outcomes.course import DatedScore
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.practice.episodes.choices import EpisodeEvent, EpisodeState, GoalSeries, Happened
from rapport.practice.outcomes.choices import (
    CourseFacts,
    LineMeasure,
    MeasureCounts,
    MeasureCourse,
    OutcomeEvent,
)
from rapport.practice.safety.choices import SafetyEvent
from rapport.practice.sessions.choices import SessionEvent
from rapport.web.components.trend.of_course import picture_of, short_day
from rapport.web.components.trend.picture import TrendPicture, TrendPoint
from rapport.web.components.trend.picture import shown as shown_number
from rapport.web.desk.outcomes import thread_words, wording

FOUR = (ChangeClass.RECOVERED, ChangeClass.IMPROVED, ChangeClass.UNCHANGED, ChangeClass.DETERIORATED)
EVENTS = (EpisodeEvent.STATE,)
ON_COURSE_PAGE = frozenset(
    {
        *(EpisodeEvent.REFERRED, EpisodeEvent.REFERRAL_DECIDED, EpisodeEvent.NEED_DECIDED, EpisodeEvent.STATE),
        *(EpisodeEvent.OFFERED, EpisodeEvent.AGREED, SessionEvent.HOUR, SessionEvent.NOTE_SIGNED),
        *(OutcomeEvent.BROUGHT_HOUR, OutcomeEvent.SCORE, SafetyEvent.ALERT_ACKNOWLEDGED),
    }
)


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """One measure as the course page shows it."""

    key: str
    title: str
    short_title: str
    picture: TrendPicture
    badge: str
    tone: str
    rule: str
    cards: tuple[NumberCard, ...]
    last: NumberCard
    note: str
    source: str
    expected: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """A goal with its small picture."""

    words: str
    picture: TrendPicture
    last: str
    note: str

    @property
    def quoted(self) -> str:
        return f"“{self.words}”"


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """A line of the time line."""

    when: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownLineMeasure:
    """One measure in a line: how many scores, from where to where, which class."""

    short_title: str
    n: int
    span: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownCounts:
    """The four counts of one measure, with the rule."""

    title: str
    n: int
    sentence: str
    four: tuple[tuple[str, int], ...]
    left_out: int
    began_healthy: int
    rule: str
    source: str


def show_measure(each: MeasureCourse, facts: CourseFacts | None, zone: ZoneInfo) -> ShownMeasure:
    """One measure of a course."""
    reading, instrument = each.reading, each.instrument
    scores = [DatedScore(point.at.astimezone(zone).date(), point.value) for point in each.series.points]
    events = [
        (moment.at.astimezone(zone).date(), wording.moment_words(moment))
        for moment in (facts.timeline if facts else ())
        if moment.event in EVENTS
    ]
    events.extend((scores[step.after].on, str(thread_words.SUDDEN[step.kind])) for step in each.sudden)
    of_course = each.expected.cards if each.expected else ()
    cards = tuple(
        replace(card, name=f"{instrument.short_title}: {_(card.name)}") for card in (*reading.cards, *of_course)
    )
    first = "–" if reading.first is None or reading.first.value is None else shown_number(reading.first.value)
    note = _("from %(first)s · of %(high)s") % {"first": first, "high": shown_number(instrument.high)}
    return ShownMeasure(
        key=instrument.id,
        title=instrument.title,
        short_title=instrument.short_title,
        picture=picture_of(
            instrument,
            scores,
            reading,
            sentence=wording.sentence(reading),
            events=events,
            expected=_band(each, scores),
            ages=each.series.ages,
        ),
        badge=wording.class_word(reading.outcome) or _healthy_badge(each),
        tone=wording.class_tone(reading.outcome),
        rule=wording.rule_words(reading.rule, own_sample=each.own_sample),
        cards=cards,
        last=cards[1],
        note=note,
        source=instrument.attribution or instrument.source,
        expected=_expected_words(each),
        rests_on=thread_words.rests_on(each.expected.line) if each.expected else "",
    )


def _band(each: MeasureCourse, scores: Sequence[DatedScore]) -> list[tuple[date, float, float]]:
    """Where 8 of 10 people who began at the same score are, at the day of each score."""
    readings = each.expected.readings if each.expected else ()
    return [
        (score.on, reading.expected.low80, reading.expected.high80)
        for score, reading in zip(scores, readings, strict=False)
        if reading.expected is not None
    ]


def _expected_words(each: MeasureCourse) -> str:
    """Where this course is now against the expected one, and the chance ahead."""
    if each.expected is None:
        return ""
    last = next(one for one in reversed(each.expected.readings) if one.signal is not None)
    word = thread_words.SIGNALS[last.signal] if last.signal else ""
    told = [_("At session %(session)s: %(word)s.") % {"session": last.session, "word": word}]
    told.extend(thread_words.chance_sentence(card) for card in each.expected.cards if card.unit == "share")
    return " ".join(told)


def _healthy_badge(each: MeasureCourse) -> str:
    return _("began in the healthy range") if each.reading.began_healthy else ""


def show_goal(goal: GoalSeries, zone: ZoneInfo) -> ShownGoal:
    """A goal, 0 to 10."""
    days = [point.at.astimezone(zone).date() for point in goal.points]
    years = {day.year for day in days}
    points = [
        TrendPoint(float(place), short_day(day, years), float(point.value))
        for place, (day, point) in enumerate(zip(days, goal.points, strict=True))
    ]
    picture = TrendPicture(title=goal.words, points=points, low=0, high=10, direction="higher")
    first, latest = goal.first, goal.latest
    note = ""
    if goal.mark is not None:
        note = _("reached") if goal.mark == "reached" else _("set aside")
    elif first is not None:
        note = _("from %(first)s · of 10") % {"first": first.value}
    return ShownGoal(goal.words, picture, "–" if latest is None else str(latest.value), note)


def show_moments(moments: tuple[Happened, ...], zone: ZoneInfo) -> Iterator[ShownMoment]:
    """The time line of the course page, newest first; everything else stands on the time line's own page."""
    tones = {SafetyEvent.ALERT_ACKNOWLEDGED: "now", OutcomeEvent.SCORE: "plain", SessionEvent.NOTE_SIGNED: "plain"}
    known = (each for each in moments if each.event in ON_COURSE_PAGE)
    for (day, event), group in groupby(known, key=lambda each: (wording.local_day(each.at, zone), each.event)):
        words = [wording.moment_words(each) for each in group]
        together = [" · ".join(words)] if event is OutcomeEvent.SCORE else words  # one day's scores are one line
        yield from (ShownMoment(day, each, tones.get(event, "")) for each in together)


def show_line_measure(each: LineMeasure) -> ShownLineMeasure:
    reading = each.reading
    values = [one.value for one in (reading.first, reading.last) if one is not None and one.value is not None]
    span = " → ".join(shown_number(value) for value in (values if reading.n > 1 else values[:1]))
    word = wording.class_word(reading.outcome) or (_("began healthy") if reading.began_healthy else "")
    return ShownLineMeasure(
        each.instrument.short_title, reading.n, span or "–", word, wording.class_tone(reading.outcome)
    )


def show_counts(each: MeasureCounts) -> ShownCounts:
    """“40 recovered, 9 improved, 14 unchanged, 3 deteriorated”, and by which rule."""
    judged = each.rule.least_change is not None
    four = tuple((wording.class_word(kind), each.counts.get(kind, 0)) for kind in FOUR) if judged else ()
    return ShownCounts(
        title=each.instrument.title,
        n=each.n,
        sentence=", ".join(f"{n} {word}" for word, n in four) or _("Shown on each course, and not judged."),
        four=four,
        left_out=each.counts.get(ChangeClass.NOT_CLASSIFIABLE, 0),
        began_healthy=each.began_healthy,
        rule=wording.rule_words(each.rule, own_sample=each.own_sample),
        source=each.rule.source,
    )


def state_word(state: EpisodeState) -> str:
    """Where a course stands."""
    return {
        EpisodeState.REFERRED: _("referred"),
        EpisodeState.SCREENING: _("being looked at"),
        EpisodeState.SIGNPOSTED: _("helped elsewhere"),
        EpisodeState.DECLINED: _("declined"),
        EpisodeState.WAITING: _("waiting"),
        EpisodeState.ASSESSMENT: _("in assessment"),
        EpisodeState.OFFERED: _("agreement offered"),
        EpisodeState.CONTRACTED: _("agreed, not begun"),
        EpisodeState.ACTIVE: _("in therapy"),
        EpisodeState.PAUSED: _("paused"),
        EpisodeState.ENDING: _("ending"),
        EpisodeState.FOLLOW_UP: _("in follow-up"),
        EpisodeState.CLOSED: _("closed"),
    }[state]
