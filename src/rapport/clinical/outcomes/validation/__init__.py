"""Is the expected course right? On practices with a known truth, and on any real file, leaving people out."""

from rapport.clinical.outcomes.validation.courses import CourseTable
from rapport.clinical.outcomes.validation.leave_out import Validation, validate
from rapport.clinical.outcomes.validation.practices import Practice, simulated_practice

__all__ = ["CourseTable", "Practice", "Validation", "simulated_practice", "validate"]
