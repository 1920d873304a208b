"""Nearest neighbours: the course of those in an archive who were most like this person at the start.

Numeric features are z-scored with the archive's mean and SD (n − 1), yes/no features stay 0 and 1; distance is Euclid's
or Mahalanobis's; K = 30, ties by id. With the slopes m on L = ln(session) of the neighbours::

    expected(session) = y₁ + m̄·L        band ± k·√(s_m²·L² + σ²)

σ² is pooled over the archive: what is left of its scores around each client's own curve from the first score.

Lutz et al. 2005, J Consult Clin Psychol 73:904–913; Lutz et al. 2019, Behav Res Ther 120:103438. Limits: fewer than 150
closed cases with three scores are no archive (use the growth line); who is "like" whom depends on what was recorded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.expected_course import CourseBand
from rapport.clinical.outcomes.reliable_change import Array

NEIGHBOURS, SMALLEST_ARCHIVE = 30, 150


class Distance(StrEnum):
    """How likeness is measured."""

    EUCLID = "euclid"
    MAHALANOBIS = "mahalanobis"


class ArchiveTooSmall(ClinicalError):
    """Fewer closed cases than make a sensible choice."""

    code = "archive_too_small"


def slope_from_first(sessions: ArrayLike, scores: ArrayLike) -> tuple[float, float]:
    """The least-squares slope on ln(session) through the first score, and the squares left around it.

    >>> [round(part, 6) for part in slope_from_first([1, 2, 4], [16, 14, 12])]
    [-2.88539, 0.0]
    """
    at, y = np.log(np.asarray(sessions, float)), np.asarray(scores, float)
    line, rise = at[1:] - at[0], y[1:] - y[0]
    if len(line) == 0 or not (line > 0).all():
        raise ClinicalError("sessions", "A slope needs a later session.", "Give rising sessions, two or more.")
    slope = float(line @ rise / (line @ line))
    return slope, float(((rise - slope * line) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Archive:
    """Closed cases: ids, features (one row each), which of them are yes/no, slopes and the pooled σ²."""

    ids: NDArray[np.int64]
    features: Array
    names: tuple[str, ...]
    yes_no: tuple[bool, ...]
    slopes: Array
    sigma2: float

    def __post_init__(self) -> None:
        rows, columns = len(self.features), len(self.names)
        if len(self.features.shape) != 2 or len(self.features.T) != columns or len(self.yes_no) != columns:
            raise ClinicalError("features", "Every feature needs a name and a kind.", "Give one column for each name.")
        if len(self.ids) != rows or len(self.slopes) != rows:
            raise ClinicalError("slopes", "Every case has an id and a slope.", "Give as many as there are rows.")
        if rows < SMALLEST_ARCHIVE:
            raise ArchiveTooSmall("features", "Fewer than 150 closed cases.", "Use the expected course instead.")
        if self.sigma2 < 0:
            raise OutOfRange("sigma2", "A variance is not below zero.", "Give the pooled variance.")
        for name, column, flag in zip(self.names, self.features.T, self.yes_no, strict=True):
            if not np.isfinite(column).all():
                raise OutOfRange(name, "A value is missing in the archive.", "Leave out the case or the feature.")
            if not flag and np.ptp(column) == 0:
                raise OutOfRange(name, "All cases have the same value.", "Leave this feature out.")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The nearest cases, nearest first, with their slopes."""

    ids: tuple[int, ...]
    distances: tuple[float, ...]
    mean_slope: float
    sd_slope: float
    weighted_slope: float
    sigma2: float

    def band(self, first_score: float, session: float) -> CourseBand:
        """What may be expected of somebody who began at this score."""
        if session < 1:
            raise OutOfRange("session", "The first session is number 1.", "Count scored sessions from 1.")
        line = math.log(session)
        spread = math.sqrt(self.sd_slope**2 * line**2 + self.sigma2)
        return CourseBand(session, first_score + self.mean_slope * line, spread)

    def card(self, first_score: float, session: float) -> NumberCard:
        """What stands behind the score to be expected at a session."""
        band = self.band(first_score, session)
        return NumberCard(
            name="Expected after the people most alike",
            value=band.expected,
            unit="points",
            formula="y₁ + m̄·ln(session)",
            version="neighbours/1",
            inputs=(("first score", first_score), ("session", session), ("mean slope", self.mean_slope)),
            n=len(self.ids),
            interval=(band.low80, band.high80),
            source="Lutz et al. 2005",
            evidence="B",
            not_meaning="They were alike in what was recorded, not in all; nobody must do as they did.",
            verified=False,
        )


def _scaled(archive: Archive, rows: Array) -> Array:
    flags = np.array(archive.yes_no)
    mean = np.where(flags, 0.0, archive.features.mean(axis=0))
    sd = np.where(flags, 1.0, archive.features.std(axis=0, ddof=1))
    return np.asarray((rows - mean) / sd)


def _distances(archive: Archive, person: Array, distance: Distance) -> Array:
    cases = _scaled(archive, archive.features)
    apart = cases - _scaled(archive, person)
    if distance is Distance.EUCLID:
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", apart, apart)))
    precision = np.linalg.pinv(np.atleast_2d(np.cov(cases, rowvar=False)))
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", apart, precision, apart, optimize=True)))


def nearest(
    archive: Archive,
    person: Sequence[float],
    *,
    k: int = NEIGHBOURS,
    distance: Distance = Distance.EUCLID,
) -> Neighbourhood:
    """The k cases most like this person.

    >>> ages = np.arange(20.0, 170.0).reshape(-1, 1)
    >>> archive = Archive(np.arange(150), ages, ("age",), (False,), -ages[:, 0] / 10, 8.0)
    >>> found = nearest(archive, [42], k=3)
    >>> found.ids, round(found.mean_slope, 1)
    ((22, 21, 23), -4.2)
    """
    features = np.asarray(person, float)
    if len(features) != len(archive.names) or not np.isfinite(features).all():
        raise ClinicalError("person", "A feature of this person is missing.", f"Give {', '.join(archive.names)}.")
    if not 2 <= k <= len(archive.ids):
        raise OutOfRange("k", "There are not that many cases.", "Choose 30.")
    apart = _distances(archive, features, distance)
    order = np.lexsort((archive.ids, np.round(apart, 12)))[:k]  # rounding error must not break a tie
    slopes, near = archive.slopes[order], apart[order]
    weights = (near == 0).astype(float) if near[0] == 0 else 1 / near
    return Neighbourhood(
        tuple(archive.ids[order].tolist()),
        tuple(near.tolist()),
        float(slopes.mean()),
        float(slopes.std(ddof=1)),
        float(np.average(slopes, weights=weights)),
        archive.sigma2,
    )
