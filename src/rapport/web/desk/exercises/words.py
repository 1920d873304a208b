"""How tasks are spoken of: practice and experiments, never obedience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.episodes.goal_change import goal_change, is_more_than_chance
from rapport.clinical.exercises.tasks import TaskState, WhyNot
from rapport.clinical.kernel.cards import NumberCard
from rapport.practice.episodes.choices import GoalSeries
from rapport.practice.exercises.choices import TaskFacts

STATES: dict[TaskState, Promise] = {
    TaskState.AGREED: gettext_lazy("agreed"),
    TaskState.STARTED: gettext_lazy("started"),
    TaskState.DONE: gettext_lazy("done"),
    TaskState.PARTLY: gettext_lazy("partly"),
    TaskState.NOT_DONE: gettext_lazy("not done"),
    TaskState.CHANGED: gettext_lazy("done differently"),
    TaskState.STOPPED: gettext_lazy("put down"),
}
WHY_NOT: dict[WhyNot, Promise] = {
    WhyNot.NO_TIME: gettext_lazy("no time"),
    WhyNot.FORGOT: gettext_lazy("forgot"),
    WhyNot.TOO_HARD: gettext_lazy("too hard"),
    WhyNot.DID_NOT_FIT: gettext_lazy("did not fit"),
    WhyNot.OTHER: gettext_lazy("another reason"),
}
SAYABLE = tuple((state, words) for state, words in STATES.items() if state is not TaskState.AGREED)
SHARES = (
    ("", gettext_lazy("cannot be said")),
    ("0", gettext_lazy("none of it")),
    ("0.25", gettext_lazy("a quarter")),
    ("0.5", gettext_lazy("half")),
    ("0.75", gettext_lazy("most of it")),
    ("1", gettext_lazy("all of it")),
)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of the list."""

    facts: TaskFacts
    state: Promise
    why_not: Promise | str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal, how far it came, and whether to ask again."""

    goal: GoalSeries
    sentence: str
    card: NumberCard | None
    is_old: bool


def lines(tasks: Iterable[TaskFacts]) -> list[TaskLine]:
    return [TaskLine(each, STATES[each.state], WHY_NOT[each.why_not] if each.why_not else "") for each in tasks]


def moved(goal: GoalSeries) -> tuple[str, NumberCard | None]:
    """How far a goal came, in a sentence. The threshold is named where it is used, with whose it is."""
    if goal.first is None or goal.latest is None:
        return _("Not rated yet."), None
    if len(goal.points) == 1:
        return _("Rated once: %(value)d of 10.") % {"value": goal.latest.value}, None
    first, last = goal.first.value, goal.latest.value
    by = abs(last - first)
    said = {"first": first, "last": last, "by": by}
    if by == 0:
        sentence = _("Stands where it stood: %(last)d of 10.") % said
    elif last > first:
        sentence = ngettext(
            "From %(first)d to %(last)d of 10: one point nearer.",
            "From %(first)d to %(last)d of 10: %(by)d points nearer.", by,
        ) % said  # fmt: skip
    else:
        sentence = ngettext(
            "From %(first)d to %(last)d of 10: one point farther away.",
            "From %(first)d to %(last)d of 10: %(by)d points farther away.", by,
        ) % said  # fmt: skip
    if is_more_than_chance(last - first):
        sentence += " " + _("More than the 2.45 points that were proposed as reliable, for young people.")
    return sentence, goal_change(first, last)
