"""What may be agreed and said of a task, and whose tasks somebody can reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.clinical.exercises.tasks import TaskState
from rapport.practice.episodes.rules import EpisodeRefused, check_scale, visible_episodes, words
from rapport.practice.exercises.choices import TaskWords
from rapport.practice.exercises.models import Task
from rapport.practice.security.policy.actor import Actor

MOST_OBSTACLES = 5
LINE, PASSAGE = 300, 4000
LATEST_DUE = timedelta(days=366)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


class TaskRefused(EpisodeRefused):
    """Something about a task cannot be so."""


class TaskReviewed(TaskRefused):
    """It was looked at together already: what was said then stays."""


def tasks_within(actor: Actor, at: datetime) -> QuerySet[Task]:
    """Tasks of clients in this person's care, and a client's own."""
    return Task.objects.select_related("episode").filter(episode__in=visible_episodes(actor, at))


def tidy(given: TaskWords) -> TaskWords:
    """The words of a task as they are kept."""
    if len(given.obstacles) > MOST_OBSTACLES:
        raise TaskRefused("obstacles", _("Five obstacles are enough. Choose the likeliest."))
    return TaskWords(
        what=words("what", given.what, longest=LINE, required=True),
        why=words("why", given.why, longest=LINE),
        when=words("when", given.when, longest=LINE),
        where=words("where", given.where, longest=LINE),
        how_long=words("how_long", given.how_long, longest=LINE),
        obstacles=tuple(
            replace(each, what=words("obstacles", each.what, longest=LINE, required=True),
                    then=words("obstacles", each.then, longest=LINE))
            for each in given.obstacles
        ),
        confidence=None if given.confidence is None else check_scale("confidence", given.confidence),
    )  # fmt: skip


def check_due(due_on: date, today: date) -> None:
    """Due today or later, within a year."""
    if not today <= due_on <= today + LATEST_DUE:
        raise TaskRefused("due_on", _("Choose a day from today on, within a year."))


def check_can_say(task: Task, state: TaskState) -> None:
    """Refuse to change what was looked at together; nobody goes back to having only agreed."""
    if hasattr(task, "review"):
        raise TaskReviewed("task", _("You looked at this together already. What was said then stays."))
    if state is TaskState.AGREED:
        raise TaskRefused("state", _("Choose one of the answers."))


def check_share(share: float | None) -> float | None:
    """None of it, a quarter, half, three quarters or all; None where nobody can say."""
    if share is not None and share not in SHARES:
        raise TaskRefused("share", _("Choose one of the shares."))
    return share
