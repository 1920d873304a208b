"""Millions of courses at once, by the same rules as one: NumPy in, compact codes out."""

from rapport.clinical.outcomes.batch.classes import ClassCode, Classified, classify_courses
from rapport.clinical.outcomes.batch.episodes import ClassifiedEpisodes, classify_episodes
from rapport.clinical.outcomes.batch.live import LiveCourses, LivePosterior
from rapport.clinical.outcomes.batch.nhs import NhsFlag, nhs_flags

__all__ = [
    "ClassCode", "Classified", "ClassifiedEpisodes", "LiveCourses", "LivePosterior", "NhsFlag", "classify_courses",
    "classify_episodes", "nhs_flags",
]  # fmt: skip
