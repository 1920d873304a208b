"""The cards behind an expected course: where such people are now, and this person's chance of the healthy range."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isnan

from rapport.clinical.kernel.cards import Input, NumberCard
from rapport.clinical.outcomes.expected_course import GrowthModel, update
from rapport.clinical.outcomes.signals import Rung, SignalReading, chance_of_healthy
from rapport.clinical.outcomes.yardstick import Yardstick

REVIEW_EVERY, AHEAD = 6, 2  # house rule: the chance is told for the next sixth session that is not just ahead
NOT_A_PERSON = "It does not say how this person must do, nor that therapy fails or works."
NOT_A_PROMISE = "It is a chance among people with such scores, not a promise and no reason to end."


def told_for(session: int) -> int:
    """The session for which a chance is told: the next sixth one at least two ahead.

    >>> told_for(1), told_for(4), told_for(5)
    (6, 6, 12)
    """
    return REVIEW_EVERY * ceil((session + AHEAD) / REVIEW_EVERY)


def forecast_cards(
    readings: Sequence[SignalReading], *, model: GrowthModel, yardstick: Yardstick, n_clients: int
) -> tuple[NumberCard, ...]:
    """Two cards, from the second session on; a measure without a cut-off has no healthy range to reach.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> from rapport.clinical.outcomes.signals import read_signals
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> line, rule = prior_from_moments(PHQ9_MOMENTS), yardstick(load_instrument("phq9"))
    >>> read = read_signals([16, 14], [1, 2], yardstick=rule, model=line, rung=Rung.PRIOR, model_version="assumed/1")
    >>> [round(card.value, 2) for card in forecast_cards(read, model=line, yardstick=rule, n_clients=0)]
    [13.79, 0.39]
    """
    known = [one for one in readings if not isnan(one.score)]
    if not known or known[-1].expected is None:
        return ()
    last, band = known[-1], known[-1].expected
    verified = last.rung in (Rung.OWN_MODEL, Rung.STRATA)
    basis: tuple[Input, ...] = (("line", last.model_version), ("clients of this practice", n_clients))
    cards = [
        NumberCard(
            name="Expected by now",
            value=band.expected,
            unit="points",
            formula="mean of people who began at the same score",
            version="expected_course/1",
            inputs=(("session", last.session), ("first score", known[0].score), *basis),
            n=1,
            interval=(max(band.low80, yardstick.low), min(band.high80, yardstick.high)),
            source=model.source,
            not_meaning=NOT_A_PERSON,
            verified=verified,
        )
    ]
    if yardstick.cut is not None:
        cards.append(_chance(known, model, yardstick, basis, verified=verified))
    return tuple(cards)


def _chance(
    known: Sequence[SignalReading],
    model: GrowthModel,
    yardstick: Yardstick,
    basis: tuple[Input, ...],
    *,
    verified: bool,
) -> NumberCard:
    """A line that starts from the first score learns of the later ones only."""
    start, first = known[0].session - 1, known[0].score
    intake = model.intake_of(first)
    later = known if intake is None else known[1:]
    learned = update(model, [one.session - start for one in later], [one.score for one in later], intake)
    ahead = told_for(known[-1].session)
    return NumberCard(
        name="Chance of the healthy range",
        value=chance_of_healthy(model, learned, yardstick, ahead - start, first_score=first),
        unit="share",
        formula="Φ((cut − ½ − forecast) / its SD)",
        version="chance_of_healthy/1",
        inputs=(("at session", ahead), ("cut-off", yardstick.cut), *basis),
        n=len(known),
        source=model.source,
        not_meaning=NOT_A_PROMISE,
        verified=verified,
    )
