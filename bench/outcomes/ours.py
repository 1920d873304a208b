"""Our side of each row, in a process of its own: `python -m bench.outcomes.ours WORK SIZE` prints a line of JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from bench.outcomes.best import best

LIVE, BATCH = 100_000, 100_000


def growth(folder: str) -> dict[str, Any]:
    """Rows in; the fitted line, and every client's departure with its covariance, out."""
    from rapport.clinical.statistics.growth import effects_of, fit, statistics_of

    data = Path(folder)
    client = np.fromfile(data / "client", np.int32)
    t, y = np.fromfile(data / "time"), np.fromfile(data / "score")

    def whole() -> Any:
        sums = statistics_of(client, t, y)
        line = fit(sums)
        return line, effects_of(line, sums)

    timed, (line, effects) = best(whole)
    assert line.converged and len(effects.cov) == line.n_clients
    lower = np.linalg.cholesky(line.d / line.sigma2)
    lower[[0, 1, 1], [0, 0, 1]].tofile(data / "theta")
    return {**timed, "criterion": line.criterion, "clients": line.n_clients, "rows": line.n_scores}


def classes(courses: str) -> dict[str, Any]:
    """First and last totals of two measures in; index, class and NHS flags of every course out."""
    from bench.outcomes.classes import drawn, rule, tally

    from rapport.clinical.outcomes.batch.classes import classify_courses
    from rapport.clinical.outcomes.batch.nhs import nhs_flags

    phq1, phq2, gad1, gad2 = drawn(int(courses))
    yardstick, cores = rule(), os.cpu_count() or 1

    def whole() -> Any:
        found = classify_courses(phq1, phq2, yardstick, index=True, threads=cores)
        return found.codes, nhs_flags(phq1, phq2, gad1, gad2, threads=cores), found.index

    timed, (codes, flags, index) = best(whole)
    return {**timed, "tally": tally(codes, flags), "index": float(np.abs(index, dtype=np.float64).sum())}


def limit(courses: str) -> dict[str, Any]:
    """The least NumPy can do on one core: read every byte of the input once, write every byte of the result."""
    from bench.outcomes.classes import drawn

    phq1, phq2, gad1, gad2 = drawn(int(courses))

    def whole() -> Any:
        change = phq1 - phq2
        return change, gad1 - gad2, change * np.float32(0.4)

    return dict(best(whole)[0])


def live(batch: str) -> dict[str, Any]:
    """A batch of scores of clients in any order, 10⁵ clients live: each client's line known anew."""
    from rapport.clinical.outcomes.batch.live import LiveCourses
    from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments

    chance, n = np.random.default_rng(4), int(batch)
    courses = LiveCourses(prior_from_moments(PHQ9_MOMENTS), LIVE)
    who, at = chance.integers(0, LIVE, n), chance.integers(1, 20, n)
    scores = chance.integers(0, 28, n).astype(np.float64)
    timed, _ = best(lambda: courses.update(who, at, scores))
    return {**timed, "per_second": n / timed["seconds"]}


def report(episodes: str) -> dict[str, Any]:
    """A service's columns in, its whole report out."""
    from bench.outcomes import service
    from bench.outcomes.service_peers import numbers_of

    columns = service.drawn(int(episodes), 4)
    timed, found = best(lambda: service.ours(columns))
    return {**timed, "numbers": numbers_of(found), "scores": len(columns["score_day"])}


WORK = {"growth": growth, "classes": classes, "limit": limit, "live": live, "report": report}

if __name__ == "__main__":
    print(json.dumps(WORK[sys.argv[1]](sys.argv[2]), default=int))
