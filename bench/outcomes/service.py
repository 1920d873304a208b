"""A service of any size, drawn with a seed, and the core of its report by us, by Polars and by DuckDB.

The core is what grows with the rows: first and last score of every episode, NHS flags, flow, rates, trends by month,
the sums behind effect sizes and missing data, and the counts behind the curves and the dose. What follows on the small
tables is the same for all three, so it is left out of the peers' work and kept in ours.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.service.parts import Grain, ReportPeriod, ServiceReport
from rapport.clinical.outcomes.service.report import service_report
from rapport.clinical.outcomes.service.table import NEVER, Ending, ServiceTable, service_table
from rapport.clinical.outcomes.yardstick import yardstick

MEASURES = ("phq9", "gad7")
PERIOD = ReportPeriod(date(2023, 1, 1), date(2026, 1, 1))
FIRST_DAY = (PERIOD.start - date(1970, 1, 1)).days
LENGTH = (PERIOD.end - PERIOD.start).days


def drawn(episodes: int, seed: int) -> dict[str, Any]:
    """Columns of a service: five sessions on average, both measures at each, about ten scores an episode.

    Rows of scores come as a database hands them over, ordered by episode and day.
    """
    rng = np.random.default_rng(seed)
    referred = FIRST_DAY + rng.integers(0, LENGTH, episodes, dtype=np.int32)
    started = np.where(rng.random(episodes) < 0.8, referred + rng.integers(5, 60, episodes, dtype=np.int32), NEVER)
    sessions = np.where(started == NEVER, 0, 1 + rng.poisson(5.2, episodes)).astype(np.int32)
    weeks = np.maximum(sessions - 1, 0)
    open_still = (started + 7 * weeks + 7 >= FIRST_DAY + LENGTH) | (rng.random(episodes) < 0.02)
    ending = np.where(open_still, Ending.OPEN, rng.choice([1, 2, 3], episodes, p=[0.62, 0.33, 0.05])).astype(np.int8)
    ended = np.where(started == NEVER, referred + 30, started + 7 * weeks + rng.integers(0, 7, episodes))
    finished = np.where(ending == Ending.OPEN, NEVER, ended).astype(np.int32)
    per_episode = 2 * sessions
    episode = np.repeat(np.arange(episodes, dtype=np.int32), per_episode)
    place = np.arange(episode.size) - np.repeat(np.cumsum(per_episode) - per_episode, per_episode)
    measure = (place & 1).astype(np.int8)
    visit = (place >> 1).astype(np.int32)
    return {
        "measures": MEASURES,
        "referred": referred,
        "started": started.astype(np.int32),
        "finished": finished,
        "sessions": sessions,
        "ending": ending,
        "score_episode": episode,
        "score_measure": measure,
        "score_day": started[episode].astype(np.int32) + 7 * visit,
        "score_value": _scores(rng, episode, measure, visit, episodes),
    }


def _scores(rng: np.random.Generator, episode: Any, measure: Any, visit: Any, episodes: int) -> Any:
    """Whole points that fall with ln(session), each person on a line of their own."""
    start = rng.normal(15, 4.5, episodes).astype(np.float32)
    slope = rng.normal(-2.8, 2.0, episodes).astype(np.float32)
    level = start[episode] + slope[episode] * np.log1p(visit, dtype=np.float32)
    level += rng.normal(0, 2.5, episode.size).astype(np.float32)
    top = np.where(measure == 0, np.float32(27), np.float32(21))
    return np.clip(np.rint(level * top / 27), 0, top).astype(np.float32)


def table_of(columns: dict[str, Any]) -> ServiceTable:
    return service_table(**columns)


def ours(columns: dict[str, Any], *, growth_line: bool = False) -> ServiceReport:
    """Checks included: from bare columns to the finished report, without the growth line that no peer draws."""
    rules = {one: yardstick(load_instrument(one)) for one in MEASURES}
    return service_report(table_of(columns), PERIOD, rules, grain=Grain.MONTH, growth_line=growth_line)
