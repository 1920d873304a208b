"""Invented courses with a known truth, regular and irregular; the same seed gives the same rows."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LINE, SPREAD, ERROR = (14.7, -2.7), ((16.0, -2.5), (-2.5, 4.6)), 2.95
MOST_SESSIONS, MEAN_SESSIONS = 30, 7.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Courses:
    """One row per score, sorted by client."""

    client: NDArray[np.int64]
    time: Numbers
    score: Numbers


def lengths(clients: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """How many sessions each attends: at least two, seven in the mean."""
    return np.minimum(2 + chance.negative_binomial(1.7, 1.7 / (MEAN_SESSIONS - 2 + 1.7), clients), MOST_SESSIONS)


def regular(rows: int, seed: int = 4) -> Courses:
    """Sessions 1 … n without a gap, time ln(session)."""
    chance = np.random.default_rng(seed)
    count = lengths(round(rows / MEAN_SESSIONS), chance)
    return scored(count, np.log(places(count) + 1.0), chance)


def irregular(rows: int, seed: int = 4) -> Courses:
    """A week or so between sessions, now and then a gap: time ln(1 + days/7) since the first."""
    chance = np.random.default_rng(seed)
    count = lengths(round(rows / MEAN_SESSIONS), chance)
    total = int(count.sum())
    gaps = np.where(chance.random(total) < 0.8, 7, chance.integers(8, 36, total)) + chance.integers(-1, 2, total)
    here = places(count)
    gaps[here == 0] = 0
    days = np.cumsum(gaps)
    starts = np.cumsum(count) - count
    return scored(count, np.log1p((days - np.repeat(days[starts], count)) / 7), chance)


def places(count: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2, … within each client."""
    ends = np.cumsum(count)
    return np.arange(int(ends[-1])) - np.repeat(ends - count, count)


def scored(count: NDArray[np.int64], time: Numbers, chance: np.random.Generator) -> Courses:
    """Scores drawn from the growth model."""
    client = np.repeat(np.arange(len(count)), count)
    own = chance.multivariate_normal(LINE, SPREAD, len(count))[client]
    return Courses(client, time, own[:, 0] + own[:, 1] * time + chance.normal(0, ERROR, len(time)))


def kept(courses: Courses, folder: Path) -> None:
    """As columns of plain bytes, which R and Python read alike."""
    folder.mkdir(parents=True)
    courses.client.astype(np.int32).tofile(folder / "client")
    courses.time.tofile(folder / "time")
    courses.score.tofile(folder / "score")


if __name__ == "__main__":
    kept({"regular": regular, "irregular": irregular}[sys.argv[1]](int(sys.argv[2])), Path(sys.argv[3]))
