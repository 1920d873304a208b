"""What is done with courses: bringing them, reading their scores, learning, thinking about them and deciding."""

from rapport.practice.outcomes.actions.deciding import DecisionRefused, ThoughtMoved, decide, think_through
from rapport.practice.outcomes.actions.importing import discard_staged, import_courses, stage_import
from rapport.practice.outcomes.actions.learning import learn_lines
from rapport.practice.outcomes.actions.reading import read_new_scores
from rapport.practice.outcomes.actions.reporting import conclude

__all__ = [
    "DecisionRefused",
    "ThoughtMoved",
    "conclude",
    "decide",
    "discard_staged",
    "import_courses",
    "learn_lines",
    "read_new_scores",
    "stage_import",
    "think_through",
]
