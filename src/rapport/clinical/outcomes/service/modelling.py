"""The end that a growth line through every score expects, for people whose last score is missing too.

Line on ``L = ln(1 + weeks since the first score)`` with a level and a slope of each person (REML). Everybody's end is
read at the day their episode ended: ``improvement = direction · β₁ · mean L_end``, interval from the standard error of
β₁. Missing scores are taken to depend on scores seen before, not on what was not seen (missing at random).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.service.ends import Ends, Rows
from rapport.clinical.outcomes.service.parts import MissingMethod, MissingRow
from rapport.clinical.outcomes.service.table import NEVER, ServiceTable
from rapport.clinical.outcomes.yardstick import Yardstick
from rapport.clinical.statistics.growth import fit, statistics_of

FEWEST = 30
WEEK = 7


def modelled(table: ServiceTable, ends: Ends, place: int, rule: Yardstick, ended: Rows) -> MissingRow:
    """The row of the growth line, or why there is none."""
    here = ended[ends.first_day[place].take(ended) != NEVER]
    n = here.size
    if n < FEWEST:
        return MissingRow(MissingMethod.ALL_SCORES, n, None, None, None, "too_few")
    chosen = np.zeros(table.n_episodes, np.bool_)
    chosen[here] = True
    rows = np.flatnonzero(chosen.take(table.score_episode) & (table.score_measure == place))
    episode = table.score_episode[rows]
    weeks = (table.score_day[rows] - ends.first_day[place, episode]) // WEEK
    try:
        line = fit(statistics_of(episode, np.log1p(weeks), table.score_value[rows]))
    except ClinicalError as refused:
        return MissingRow(MissingMethod.ALL_SCORES, n, None, None, None, refused.code)
    until = float(np.log1p(np.maximum(table.finished[here] - ends.first_day[place, here], 0) // WEEK).mean())
    improvement = rule.direction.sign * float(line.beta[1]) * until
    half = NormalDist().inv_cdf(0.975) * float(line.beta_se[1]) * until
    sd = float(np.std(ends.first[place, here], ddof=1, dtype=np.float64))
    interval = improvement - half, improvement + half
    return MissingRow(MissingMethod.ALL_SCORES, n, improvement, interval, improvement / sd if sd else None)
