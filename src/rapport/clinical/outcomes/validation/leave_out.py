"""Validation on any file of repeated scores: clients (or therapists with all theirs) are left out in turn.

In each of ``folds`` rounds the line is learned from those who stay, by the data ladder, and judged on those left out,
so nobody is judged by a line that knew them. Reported: coverage of the 80 % band with its interval, whether the
forecast beats the last value carried and reliable change only, alarms against how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.batch.bands import bands_from_first
from rapport.clinical.outcomes.expected_course import K80, GrowthModel
from rapport.clinical.outcomes.learned_course import OwnLine, line_of_practice
from rapport.clinical.outcomes.reliable_change import Array
from rapport.clinical.outcomes.signals import Rung
from rapport.clinical.outcomes.validation.alarms import HORIZONS, AlarmRow, AlarmRule, alarm_rows, red_flags
from rapport.clinical.outcomes.validation.courses import CourseTable, Places
from rapport.clinical.outcomes.validation.coverage import Coverage, coverage, coverage_by_third
from rapport.clinical.outcomes.validation.forecasts import ForecastError, Foretold, Nearer, errors, foretell
from rapport.clinical.outcomes.yardstick import Yardstick

TARGET = (0.77, 0.83)


@dataclass(frozen=True, slots=True)
class Validation:
    """What came out. ``left_out`` is "clients" or "therapists"; ``rungs`` are those the lines stood on.

    ``past_the_end`` covers the scores whose band reaches past an end of the scale: there a normal band holds too many.
    ``beyond_worse`` is the share of later scores beyond the band on the worse side, a tenth if all is well.
    """

    n_clients: int
    n_scores: int
    left_out: str
    rounds: int
    rungs: tuple[Rung, ...]
    coverage: Coverage
    thirds: tuple[Coverage, ...]
    past_the_end: Coverage
    within_the_scale: Coverage
    beyond_worse: float
    red_share: float
    yellow_share: float
    known: int
    errors: tuple[ForecastError, ...]
    nearer: tuple[Nearer, ...]
    alarms: tuple[AlarmRow, ...]

    @property
    def calibrated(self) -> bool | None:
        """Whether 77 to 83 % lie inside the 80 % band; None without a later score."""
        return None if self.coverage.share is None else TARGET[0] <= self.coverage.share <= TARGET[1]

    def card(self) -> NumberCard:
        """The card of the coverage."""
        return NumberCard(
            name="Scores inside the 80 % band",
            value=self.coverage.share,
            unit="",
            formula="scores inside / later scores, people left out in turn",
            version="validation/1",
            inputs=(("left out", self.left_out), ("rounds", self.rounds), ("clients", self.n_clients)),
            n=self.coverage.n_scores,
            interval=self.coverage.interval,
            evidence="B",
            not_meaning="A band that fits people together does not say how one person will do.",
            verified=True,
            reason="" if self.coverage.share is not None else "no_later_score",
        )


def bands_of(line: OwnLine, table: CourseTable) -> tuple[Array, Array]:
    """Expected score and SD for every row, by the stratum of each client."""
    expected, sd = np.zeros(len(table.score)), np.zeros(len(table.score))
    stratum = line.stratum(table.first_of_row)
    for place, model in enumerate(line.models):
        rows = stratum == place
        expected[rows], sd[rows] = bands_from_first(model, table.first_of_row[rows], table.session[rows])
    return expected, sd


def _rounds(table: CourseTable, folds: int, seed: int) -> Places:
    """The round in which each client is left out; all clients of a therapist in the same one, where known."""
    groups = np.arange(table.n_clients) if table.therapist is None else table.therapist
    n = int(groups.max()) + 1
    if n < folds:
        raise OutOfRange("folds", "There are fewer people to leave out than rounds.", f"Choose at most {n} rounds.")
    return np.asarray((np.random.default_rng(seed).permutation(n) % folds)[groups])


def _judged(
    table: CourseTable, rule: Yardstick, known: int, away: Places, prior: GrowthModel, *, learn: bool
) -> tuple[Array, Array, Foretold, tuple[Rung, ...]]:
    """Band of every row and what was foretold of every client, each by a line that never saw them."""
    expected, sd = np.zeros(len(table.score)), np.zeros(len(table.score))
    told: list[Foretold] = []
    rungs = []
    for turn in range(int(away.max()) + 1):
        out = away == turn
        stay, rest = table.some(~out), table.some(out)
        line = OwnLine(Rung.PRIOR, 0, (prior,))
        if learn:
            line = line_of_practice(stay.client, stay.session, stay.score, stay.first_of_row, prior=prior)
        rows = out[table.client]
        expected[rows], sd[rows] = bands_of(line, rest)
        told.append(foretell(line, rest, rule, known))
        rungs.append(line.rung)
    columns = ("forecast", "last_value", "reliable_only", "truth")
    joined = Foretold(*(np.concatenate([getattr(one, name) for one in told]) for name in columns))
    return expected, sd, joined, tuple(dict.fromkeys(rungs))


def validate(
    table: CourseTable,
    *,
    rule: Yardstick,
    prior: GrowthModel,
    folds: int = 10,
    known: int = 3,
    seed: int = 1,
    learn: bool = True,
) -> Validation:
    """Leave people out in turn and report; forecasts see the scores up to session ``known``.

    With ``learn=False`` everybody is judged by the prior: does the shipped line fit these people?

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> from rapport.clinical.outcomes.validation.practices import Practice, simulated_practice
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> prior = prior_from_moments(PHQ9_MOMENTS)
    >>> table = simulated_practice(Practice(prior), 400, seed=4)
    >>> found = validate(table, rule=yardstick(load_instrument("phq9")), prior=prior, folds=4)
    >>> found.calibrated, [one.value for one in found.rungs]
    (True, ['own_model'])
    """
    if rule.least_change is None:
        raise ClinicalError("rule", "Nobody has said what is beyond error.", "Enter a reliability and an SD.")
    if folds < 2 or known < 1:
        raise OutOfRange("folds", "Somebody must stay and somebody go.", "Choose at least two rounds.")
    away = _rounds(table, folds, seed)
    expected, sd, told, rungs = _judged(table, rule, known, away, prior, learn=learn)
    later, reach = table.session > 1, K80 * sd
    inside = (np.abs(table.score - expected) <= reach)[later]
    past = ((expected - reach < rule.low) | (expected + reach > rule.high))[later]
    client, flags = table.client[later], red_flags(table, rule, expected, sd)
    group = client if table.therapist is None else table.therapist[client]
    table_of_errors, nearer = errors(told)
    count = max(int(later.sum()), 1)
    return Validation(
        n_clients=table.n_clients,
        n_scores=len(table.score),
        left_out="clients" if table.therapist is None else "therapists",
        rounds=folds,
        rungs=rungs,
        coverage=coverage(inside, group),
        thirds=coverage_by_third(inside, client, group, table.first_of_row[later]),
        past_the_end=coverage(inside[past], group[past]),
        within_the_scale=coverage(inside[~past], group[~past]),
        beyond_worse=float((rule.direction.sign * (expected - table.score) > reach)[later].sum()) / count,
        red_share=float(flags.red[AlarmRule.EXPECTED_COURSE].sum()) / count,
        yellow_share=float(flags.yellow.sum()) / count,
        known=known,
        errors=table_of_errors,
        nearer=nearer,
        alarms=alarm_rows(table, flags, HORIZONS),
    )
