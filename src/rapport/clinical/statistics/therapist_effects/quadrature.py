"""The likelihood of a logistic model whose level differs between groups, by adaptive Gauss–Hermite quadrature.

Of a group with outcomes y and lines η = Xβ + τ·v, v ~ N(0, 1), the likelihood is ``∫ Π p^y (1 − p)^(1−y) φ(v) dv``. The
nodes are laid around the group's own mode v̂ at the width the curvature there gives (Pinheiro & Bates 1995, J Comput
Graph Stat 4:12–35). With the weights π of the nodes the gradient is Σ π·Σ (y − p)·x, and Σ π·v·Σ (y − p) for τ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.statistics.growth.checks import Array

NODES, STEPS = 25, 50


@dataclass(frozen=True, slots=True)
class Grouped:
    """Outcomes 0/1, design matrix, and the group of each row."""

    y: Array
    x: Array
    code: NDArray[np.intp]
    groups: int

    def add(self, values: Array) -> Array:
        return np.bincount(self.code, values, self.groups).astype(np.float64, copy=False)


def expit(eta: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(eta / 2)), np.float64)


def modes(data: Grouped, eta: Array, tau: float) -> tuple[Array, Array]:
    """Where each group's v most likely lies, and how widely: its mode and 1/√curvature, by Newton's method."""
    v, curvature = np.zeros(data.groups), np.ones(data.groups)
    for _ in range(STEPS):
        p = expit(eta + tau * v[data.code])
        curvature = tau * tau * data.add(p * (1 - p)) + 1
        step = (tau * data.add(data.y - p) - v) / curvature
        v += np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-10:
            break
    return v, 1 / np.sqrt(curvature)


def deviance(data: Grouped, beta: Array, tau: float) -> tuple[float, Array]:
    """−2·log-likelihood and its gradient in (β, τ)."""
    at, weight = np.polynomial.hermite.hermgauss(NODES)
    eta = data.x @ beta
    v, width = modes(data, eta, tau)
    logs, pulls, nodes = np.empty((NODES, data.groups)), [], []
    for place, (node, own) in enumerate(zip(at, weight, strict=True)):
        here = v + math.sqrt(2) * width * node
        line = eta + tau * here[data.code]
        logs[place] = data.add(data.y * line - np.logaddexp(0, line)) - here**2 / 2 + node**2 + math.log(own)
        pulls.append(data.y - expit(line))
        nodes.append(here)
    top = logs.max(axis=0)
    share = np.exp(logs - top)
    total = share.sum(axis=0)
    share /= total
    found = float((np.log(total * width / math.sqrt(math.pi)) + top).sum())
    gradient = np.zeros(len(beta) + 1)
    for pi, pull, here in zip(share, pulls, nodes, strict=True):
        weighted = pi[data.code] * pull
        gradient[:-1] += data.x.T @ weighted
        gradient[-1] += here @ data.add(weighted)
    return -2 * found, -2 * gradient
