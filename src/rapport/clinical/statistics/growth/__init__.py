"""Growth lines: a linear mixed model of repeated scores, from statistics that add up instead of rows."""

from rapport.clinical.statistics.growth.effects import RandomEffects, effects_of, random_effects
from rapport.clinical.statistics.growth.fitting import GrowthFit, fit
from rapport.clinical.statistics.growth.patterns import PatternSums, patterns_of
from rapport.clinical.statistics.growth.rows import fit_rows, row_effects
from rapport.clinical.statistics.growth.sums import GrowthStatistics, statistics_of
from rapport.clinical.statistics.growth.therapists import TherapistFit, fit_within_therapists

__all__ = [
    "GrowthFit", "GrowthStatistics", "PatternSums", "RandomEffects", "TherapistFit",
    "effects_of", "fit", "fit_rows", "fit_within_therapists", "patterns_of", "random_effects", "row_effects",
    "statistics_of",
]  # fmt: skip
