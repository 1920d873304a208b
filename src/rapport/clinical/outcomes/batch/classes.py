"""The class of change of millions of courses by one rule: the same answers as ``Yardstick.classify`` one by one.

Each block of scores is compared with four thresholds (see ``edges``); the comparisons are added up to one byte::

    code = improved + recovered + 3·worse + harmed        recovered ⊂ improved, harmed ⊂ worse; 255 where unknown

The reliable change index, where wanted, is (last − first)/S_diff in single precision; the class never rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.batch.blocks import Block, Column, Pair, Scale, over_blocks, same_length
from rapport.clinical.outcomes.batch.edges import Edges, exact_edges, whole_edges
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.reliable_change import critical_value
from rapport.clinical.outcomes.yardstick import Basis, Yardstick


class ClassCode(IntEnum):
    """One byte per course."""

    UNCHANGED = 0
    IMPROVED = 1
    RECOVERED = 2
    DETERIORATED = 3
    HARMED = 4
    NOT_CLASSIFIABLE = 255

    @property
    def change_class(self) -> ChangeClass:
        return ChangeClass[self.name]


@dataclass(frozen=True, slots=True)
class Classified:
    """The code of every course and, where it was asked for, its index (NaN where unknown)."""

    codes: NDArray[np.uint8]
    index: NDArray[np.float32] | None

    def counts(self) -> dict[ChangeClass, int]:
        """How many of each class, all of them together n."""
        found = np.bincount(self.codes, minlength=256)
        return {code.change_class: int(found[code]) for code in ClassCode}


def _code(first: Column, last: Column, better: Column, edges: Edges) -> NDArray[np.uint8]:
    """One block; ``better`` is how many points better."""
    improved, worse = better >= edges.least, better <= -edges.least
    code = improved.view(np.uint8) + worse.view(np.uint8) * np.uint8(ClassCode.DETERIORATED)
    if edges.clinical is not None and edges.healthy is not None:
        if edges.lower:
            clinical, healthy = first >= edges.clinical, last <= edges.healthy
        else:
            clinical, healthy = first <= -edges.clinical, last >= -edges.healthy
        code += (improved & clinical & healthy).view(np.uint8)
        code += (worse > (clinical | healthy)).view(np.uint8)  # worse, and neither of the two
    return code


def _index_per_point(rule: Yardstick) -> float:
    if rule.basis is not Basis.JACOBSON_TRUAX or rule.least_change is None:
        raise ClinicalError("index", "The index needs a reliability and an SD.", "Give norms, or leave it out.")
    return rule.direction.sign * critical_value(confidence=rule.confidence) / rule.least_change


class Classifier:
    """The codes of ``n`` courses by one rule, filled block by block."""

    def __init__(self, rule: Yardstick, n: int, *, index: bool) -> None:
        self._per_point = np.float32(_index_per_point(rule) if index else 0.0)
        self._edges = None if rule.least_change is None else (exact_edges(rule), whole_edges(rule))
        self.found = Classified(np.empty(n, np.uint8), np.empty(n, np.float32) if index else None)

    def fill(self, where: slice, block: Block) -> None:
        """Write the codes, and the index if asked for, of one block."""
        if self._edges is None:
            self.found.codes[where] = ClassCode.NOT_CLASSIFIABLE
            return
        edges, unknown = self._edges[block.whole], block.unknown
        better = block.first - block.last if edges.lower else block.last - block.first
        codes = self.found.codes[where]
        codes[:] = _code(block.first, block.last, better, edges)
        if unknown is not None:
            codes[unknown] = ClassCode.NOT_CLASSIFIABLE
        if self.found.index is not None:
            index = self.found.index[where]
            np.multiply(better, self._per_point, out=index, casting="same_kind")
            if unknown is not None:
                index[unknown] = np.nan


def classify_courses(
    first: ArrayLike, last: ArrayLike, rule: Yardstick, *, index: bool = False, threads: int = 1
) -> Classified:
    """The class of every course from its first and last score; NaN where a score is missing.

    Columns of bytes (int8, uint8) are fastest.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> found = classify_courses([16, 16, 12, 5, 9.0], [7, 12, 5, 12, np.nan], yardstick(load_instrument("phq9")))
    >>> [ClassCode(code).name.lower() for code in found.codes]
    ['recovered', 'unchanged', 'recovered', 'harmed', 'not_classifiable']
    """
    pair = Pair.of(("first", "last"), first, last, Scale(rule.low, rule.high))
    classes = Classifier(rule, same_length(pair), index=index)
    over_blocks(same_length(pair), lambda where: classes.fill(where, pair.read(where)), threads)
    return classes.found
