"""How much of what was agreed between sessions was done, over four weeks. A mirror for one therapist, no target.

``practised = Σ share_done / n_due`` over the tasks due in the last 28 days of which it is known. House rule (grade C).
What was put down is left out: it was no longer due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum

from rapport.clinical.exercises.tasks import TaskState, share_done
from rapport.clinical.kernel.cards import NumberCard

WINDOW = timedelta(days=28)
NOT_MEANING = (
    "Not how hard somebody tries, and not how well the therapy goes. A task that was not done may have been too big, "
    "badly timed or the wrong one: the next step is to look at the task together."
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One task: when it was due, where it stands, and the share that was agreed on in its review, if it had one."""

    due_on: date
    state: TaskState
    reviewed: float | None = None

    @property
    def share(self) -> float | None:
        return share_done(self.state, self.reviewed)


def practised(tasks: Sequence[Agreed], today: date) -> NumberCard:
    """The number with its card; no number where nothing was due, or nothing is known of it.

    >>> day = date(2026, 3, 2)
    >>> tasks = [Agreed(day, TaskState.DONE), Agreed(day, TaskState.PARTLY), Agreed(day, TaskState.NOT_DONE)]
    >>> practised(tasks, day).value
    0.5
    >>> practised([Agreed(day, TaskState.AGREED)], day).reason
    'nothing_said_yet'
    """
    due = [t for t in tasks if today - WINDOW < t.due_on <= today and t.state is not TaskState.STOPPED]
    shares = [share for share in (t.share for t in due) if share is not None]
    done, unknown = fsum(shares), len(due) - len(shares)
    reason = "nothing_due" if not due else "" if shares else "nothing_said_yet"
    bounds = ((("if none of those was done", done / len(due)), ("if all of those were", (done + unknown) / len(due)))
              if due and unknown else ())  # fmt: skip
    return NumberCard(
        name="Tried out of what was agreed",
        value=done / len(shares) if shares else None,
        unit="share",
        formula="sum of the shares done / tasks due in the last 4 weeks of which it is known",
        version="practised/1",
        inputs=(("shares added up", done), ("due in 4 weeks", len(due)), ("not said yet", unknown), *bounds),
        n=len(shares),
        missing=unknown,
        source="House rule: done is 1, partly a half, not done 0, or the share agreed in the review",
        evidence="C",
        not_meaning=NOT_MEANING,
        verified=True,
        reason=reason,
    )
