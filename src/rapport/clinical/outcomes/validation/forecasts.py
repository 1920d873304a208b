"""Who comes nearer to the last score: the forecast, the last value carried forward, or reliable change only?

All three see a client's scores up to session ``known``. *Last value* foretells the newest of them. *Reliable change
only* foretells the newest if it differs reliably from the first, else the first: what is within error is no change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rapport.clinical.outcomes.batch.edges import exact_edges
from rapport.clinical.outcomes.batch.live import LiveCourses
from rapport.clinical.outcomes.learned_course import OwnLine
from rapport.clinical.outcomes.reliable_change import Array
from rapport.clinical.outcomes.validation.courses import CourseTable
from rapport.clinical.outcomes.validation.coverage import Z95
from rapport.clinical.outcomes.yardstick import Yardstick


@dataclass(frozen=True, slots=True)
class Foretold:
    """What each way foretold of the last score of each client who had one after session ``known``, and that score."""

    forecast: Array
    last_value: Array
    reliable_only: Array
    truth: Array


def foretell(line: OwnLine, table: CourseTable, rule: Yardstick, known: int) -> Foretold:
    """Foretell the last score of every client whose course goes on after session ``known``."""
    seen = table.session <= known
    newest = table.starts[:-1] + np.add.reduceat(seen.astype(np.intp), table.starts[:-1]) - 1
    going_on = table.last_session > known
    ahead = np.zeros(table.n_clients)
    stratum = line.stratum(table.first)
    for place, model in enumerate(line.models):
        live = LiveCourses(model, table.n_clients, table.first)
        rows = seen & (table.session > 1) if len(model.beta) == 4 else seen
        live.add(table.client[rows], table.session[rows], table.score[rows])
        mine = np.flatnonzero(stratum == place)
        if len(mine):
            ahead[mine] = live.forecast(mine, table.last_session[mine]).mean
    value, first = table.score[newest], table.first
    carried = value
    if rule.least_change is not None:
        carried = np.where(np.abs(value - first) >= exact_edges(rule).least, value, first)
    return Foretold(ahead[going_on], value[going_on], carried[going_on], table.last[going_on])


@dataclass(frozen=True, slots=True)
class ForecastError:
    """Mean absolute and root mean square error of one way."""

    way: str
    mae: float
    rmse: float
    n: int


@dataclass(frozen=True, slots=True)
class Nearer:
    """How many points nearer the forecast came than a rival, mean absolute error, with its 95 % interval.

    ``beats`` is True or False where the interval leaves no doubt, else None.
    """

    rival: str
    points: float
    interval: tuple[float, float]

    @property
    def beats(self) -> bool | None:
        low, high = self.interval
        return True if low > 0 else False if high < 0 else None


def errors(found: Foretold) -> tuple[tuple[ForecastError, ...], tuple[Nearer, ...]]:
    """The errors of the three ways, and how the forecast does against the two others."""
    ways = {"forecast": found.forecast, "last_value": found.last_value, "reliable_change_only": found.reliable_only}
    off = {name: np.abs(values - found.truth) for name, values in ways.items()}
    n = len(found.truth)
    if n < 2:
        return (), ()
    table = tuple(
        ForecastError(name, float(one.mean()), math.sqrt(float((one**2).mean())), n) for name, one in off.items()
    )
    nearer = []
    for rival in ("last_value", "reliable_change_only"):
        gain = off[rival] - off["forecast"]
        middle, reach = float(gain.mean()), Z95 * float(gain.std(ddof=1)) / math.sqrt(n)
        nearer.append(Nearer(rival, middle, (middle - reach, middle + reach)))
    return table, tuple(nearer)
