"""Newton's method for D = LL', L = (t0 0; t1 t2), with the curvature made positive and every step checked.

Seen from L even a singular D (a variance of zero) is an ordinary minimum, so it is reached as quickly as any other. The
derivatives of the criterion in D pass through the chain rule; D is in units of σ², time of its own spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.derivatives import Local, local
from rapport.clinical.statistics.growth.profile import Problem, Solution, value

STEPS, HALVINGS = 100, 30
CLOSE, ALMOST, ROUNDING = 1e-2, 1e-4, 1e-11
PER_SCORE = 1e-15
SINGULAR = 1e-4


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best D in units of σ², as (t0, t1, t2), and what it gives."""

    theta: Array
    solution: Solution
    converged: bool
    singular: bool
    steps: int


def entries(theta: Array) -> Array:
    """(d11, d12, d22) of LL'."""
    t0, t1, t2 = theta
    return np.array([t0 * t0, t0 * t1, t1 * t1 + t2 * t2])


def through(theta: Array, here: Local) -> tuple[Array, Array]:
    """Gradient and curvature in (t0, t1, t2)."""
    t0, t1, t2 = theta
    turn = np.array([[2 * t0, 0, 0], [t1, t0, 0], [0, 2 * t1, 2 * t2]])
    in_d = here.gradient
    curvature = turn.T @ here.curvature @ turn
    curvature += np.array([[2 * in_d[0], in_d[1], 0], [in_d[1], 2 * in_d[2], 0], [0, 0, 2 * in_d[2]]])
    return turn.T @ in_d, curvature


def newton_step(gradient: Array, curvature: Array) -> tuple[Array, float]:
    """Downhill whatever the sign of the curvature, and the fall it promises."""
    values, vectors = np.linalg.eigh(curvature)
    steep = np.maximum(np.abs(values), 1e-14 * float(np.abs(values).max()) + 1e-300)
    along = vectors.T @ gradient
    return -vectors @ (along / steep), float(along @ (along / steep)) / 2


def minimise(problem: Problem, *, free: int, start: Array) -> Optimum:
    """The minimum over the first ``free`` entries of (t0, t1, t2): one for an intercept alone, three with a slope.

    Each step promises a fall of the criterion, and falls shrink as their squares: where the one after the next would be
    nothing against the scores there are, the last step is taken without asking for derivatives again.
    """
    theta, before = start, 0.0
    here = local(problem, entries(theta))
    for count in range(STEPS):
        gradient, curvature = (part[..., :free] for part in through(theta, here))
        step, fall = newton_step(gradient, curvature[:free])
        to = theta + np.pad(step, (0, 3 - free))
        if fall * fall / max(before, fall) < PER_SCORE * problem.n:
            return finished(problem, to, value(problem, entries(to)), free, count, converged=True)
        known = here.curvature if fall < CLOSE else None
        moved = shortened(partial(local, problem, known=known), theta, to, here.at.value)
        if moved is None:
            return finished(problem, theta, here.at, free, count, converged=fall < ALMOST)
        gain = here.at.value - moved[1].at.value
        (theta, here), before = moved, fall
        if gain < ROUNDING:
            return finished(problem, theta, here.at, free, count, converged=fall < ALMOST)
    return finished(problem, theta, here.at, free, STEPS, converged=False)


def shortened(
    look: Callable[[Array], Local], origin: Array, target: Array, value_before: float
) -> tuple[Array, Local] | None:
    """The step, halved until it leads down; None if no part of it does."""
    for _ in range(HALVINGS):
        there = look(entries(target))
        if there.at.value < value_before:
            return target, there
        target = (origin + target) / 2
    return None


def finished(problem: Problem, theta: Array, found: Solution, free: int, steps: int, *, converged: bool) -> Optimum:
    """With t0, t2 ≥ 0, and a variance that is practically zero set to zero where this costs nothing."""
    t0, t1, t2 = theta
    tidy = np.array([abs(t0), t1 if t0 >= 0 else -t1, abs(t2)])
    singular = False
    for place in range(0, free, 2):
        if tidy[place] < SINGULAR:
            singular = True
            flat = tidy.copy()
            flat[place] = 0
            there = value(problem, entries(flat))
            if there.value <= found.value + 1e-9:
                tidy, found = flat, there
    return Optimum(tidy, found, converged, singular, steps)
