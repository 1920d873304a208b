"""Index, class and NHS flags of every episode in one pass, PHQ-9 being read once for both rules."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from rapport.clinical.outcomes.batch.blocks import over_blocks
from rapport.clinical.outcomes.batch.classes import Classified, Classifier
from rapport.clinical.outcomes.batch.nhs import Codes, Flagger
from rapport.clinical.outcomes.yardstick import Yardstick


@dataclass(frozen=True, slots=True)
class ClassifiedEpisodes:
    """Classes on PHQ-9 by one rule, and the flags of the NHS pair."""

    phq: Classified
    flags: Codes


def classify_episodes(
    phq_first: ArrayLike,
    phq_last: ArrayLike,
    anxiety_first: ArrayLike,
    anxiety_last: ArrayLike,
    *,
    phq_rule: Yardstick,
    anxiety: str = "gad7",
    index: bool = False,
    threads: int = 1,
) -> ClassifiedEpisodes:
    """The same as ``classify_courses`` on PHQ-9 and ``nhs_flags``; NaN where a score is missing.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> from rapport.clinical.outcomes.yardstick import yardstick
    >>> found = classify_episodes([16, 12], [7, 19], [9, 8], [4, 8], phq_rule=yardstick(load_instrument("phq9")))
    >>> found.phq.codes.tolist(), found.flags.tolist()
    ([2, 3], [109, 83])
    """
    flags = Flagger((phq_first, phq_last, anxiety_first, anxiety_last), anxiety)
    classes = Classifier(phq_rule, len(flags.codes), index=index)
    over_blocks(len(flags.codes), lambda where: classes.fill(where, flags.fill(where)), threads)
    return ClassifiedEpisodes(classes.found, flags.codes)
