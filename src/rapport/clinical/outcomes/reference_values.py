"""Change values that do not fit into one instrument's file: what error is by each reliability, what people notice.

RC from Cronbach's alpha holds within one occasion only and is smaller than RC from a retest (PHQ-9: 5.61 against 6.76),
so both are kept; the whole points shown for PHQ-9 and GAD-7 are the NHS's. RC answers "beyond error?", the important
change "noticed?": a change below RC is never called a deterioration. At moderate severity the share (about 20 %) is the
better answer to that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import ChangeKind
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.outcomes.cut_offs import clinical_reference
from rapport.clinical.outcomes.reliable_change import least_reliable_change, whole_points


class UnknownMeasure(ClinicalError):
    """Nothing is kept for a measure of this name."""

    code = "unknown_measure"


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = files("rapport.clinical.outcomes").joinpath("data", "reference_values.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _rows(part: str, measure: str | None) -> list[dict[str, Any]]:
    return [row for row in _data()[part] if measure in (None, row["measure"])]


@dataclass(frozen=True, slots=True)
class ErrorOfMeasure:
    """The smallest reliable change by one published reliability ("alpha" or "retest")."""

    measure: str
    reliability_of: str
    confidence: float
    norms: Norms

    @property
    def least_change(self) -> float:
        return least_reliable_change(clinical_reference(self.norms), self.confidence)

    @property
    def whole_points(self) -> int:
        return whole_points(self.least_change)

    def card(self) -> NumberCard:
        """What stands behind the smallest reliable change."""
        return NumberCard(
            name="Smallest reliable change",
            value=self.least_change,
            unit="points",
            formula="z·√2·S·√(1 − r)",
            version="jacobson_truax/1",
            inputs=(("r", self.norms.reliability), ("S", self.norms.clinical_sd), ("reliability", self.reliability_of)),
            source=self.norms.source,
            evidence="B",
            not_meaning="It says what is beyond measurement error, not what matters to the person.",
            verified=self.norms.verified,
        )


def errors_of_measures(measure: str | None = None) -> tuple[ErrorOfMeasure, ...]:
    """Every reliability kept, of one measure or of all.

    >>> [(one.reliability_of, round(one.least_change, 2), one.whole_points) for one in errors_of_measures("phq9")]
    [('alpha', 5.61, 6), ('retest', 6.76, 7)]
    """
    numbers = "low", "high", "reliability", "clinical_mean", "clinical_sd", "functional_mean", "functional_sd"
    return tuple(
        ErrorOfMeasure(
            row["measure"],
            row["reliability_of"],
            row["confidence"],
            Norms(
                direction=Direction(row["direction"]),
                source=row["source"],
                verified=row["verified"],
                **{name: row[name] for name in numbers},
            ),
        )
        for row in _rows("errors", measure)
    )


@dataclass(frozen=True, slots=True)
class Noticed:
    """The share of the score before at which people say that they feel better."""

    measure: str
    percent: float
    points: float
    at: str
    source: str
    verified: bool


def noticed(measure: str) -> Noticed | None:
    """The share people notice, where it was published.

    >>> noticed("phq9").percent
    21
    """
    return next((Noticed(**row) for row in _rows("noticed", measure)), None)


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """A published change value, often a range."""

    measure: str
    kind: ChangeKind
    low: float
    high: float
    source: str
    verified: bool


def published_changes(measure: str) -> tuple[PublishedChange, ...]:
    """Every published value kept for a measure.

    >>> [(one.kind.value, one.low, one.high) for one in published_changes("pcl5") if one.verified]
    [('reliable', 15, 18), ('important', 9, 12)]
    """
    return tuple(PublishedChange(**row | {"kind": ChangeKind(row["kind"])}) for row in _rows("published", measure))


def why_no_reliable_change(measure: str) -> str | None:
    """The code that says why no reliable change should be computed; None where nothing speaks against it.

    >>> why_no_reliable_change("audit_c")
    'report_band_changes_only'
    """
    return next((str(row["reason"]) for row in _rows("no_reliable_change", measure)), None)


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """A named stretch of a scale."""

    low: float
    high: float
    code: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ScaleWithoutWording:
    """A scale of which only numbers are kept: its norms and its bands."""

    measure: CustomMeasure
    items: int
    bands: tuple[ScaleBand, ...]
    source: str

    def band(self, score: float) -> ScaleBand | None:
        """The band of a score.

        >>> scale_without_wording("cbi_work").band(75).code
        'high'
        """
        return next((band for band in reversed(self.bands) if score >= band.low), None)


def scale_without_wording(measure: str) -> ScaleWithoutWording:
    """A scale of the Copenhagen Burnout Inventory; its norm is of Danish employees, who also stand in for its SD.

    >>> scale_without_wording("cbi_personal").measure.norms.cut
    50
    """
    rows = _rows("scales", measure)
    if not rows:
        raise UnknownMeasure("measure", "No scale of this name is kept.", "Enter its norms by hand.")
    (row,), norms = rows, errors_of_measures(measure)[0].norms
    known = Norms(
        row["low"],
        row["high"],
        Direction(row["direction"]),
        norms.reliability,
        None,
        norms.clinical_sd,
        norms.functional_mean,
        norms.functional_sd,
        row["cut"],
        row["source"],
        verified=False,
    )
    bands = tuple(ScaleBand(**band) for band in row["bands"])
    return ScaleWithoutWording(CustomMeasure(measure, row["title"], known), row["items"], bands, row["source"])
