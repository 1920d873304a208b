"""What the prep card says of tasks: each stays until it was looked at together."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.exercises.tasks import TaskState
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.exercises.choices import TaskFacts
from rapport.practice.exercises.queries import tasks_of
from rapport.web.desk.exercises.words import STATES
from rapport.web.desk.prep import PrepLine
from rapport.web.doors.page import PageRequest

AT_MOST = 2


def prep_lines(request: PageRequest, episode: EpisodeFacts) -> list[PrepLine]:
    """The tasks that wait to be looked at, newest first, with what the client learned."""
    found = tasks_of(viewer=request.actor, at=request.at, episode_id=episode.id)
    waiting = [each for each in found if each.review is None and each.state is not TaskState.STOPPED]
    return [_line(each) for each in waiting[:AT_MOST]]


def _line(task: TaskFacts) -> PrepLine:
    about = {"what": task.words.what, "state": STATES[task.state]}
    words = (
        _("Agreed to try: %(what)s. Nothing said yet.") if task.state is TaskState.AGREED
        else _("Agreed to try: %(what)s. The client says: %(state)s.")
    ) % about  # fmt: skip
    return PrepLine(words, said=task.learned, href=reverse("desk:task", args=[task.id]))
