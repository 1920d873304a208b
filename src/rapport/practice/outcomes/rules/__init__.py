"""By which line scores are read, who may touch a thread, how rows of a file are known again. Nothing here writes."""

from rapport.practice.outcomes.rules.brought import (
    ImportRefused,
    content_hash,
    measure_id,
    name_hash,
    place_hash,
    value_hash,
)
from rapport.practice.outcomes.rules.expected import (
    as_parameters,
    dated,
    expected_course,
    held_hours,
    lines_in_use,
    read_scores,
)
from rapport.practice.outcomes.rules.thread import (
    DECISION_LABEL,
    FIELDS_LABEL,
    READING_LABEL,
    DecisionRefused,
    ThoughtMoved,
    check_decision,
    decisions_by_course,
    fields_as_data,
    fields_from,
    hours_since,
    signals_by_course,
    tidy,
)

__all__ = [
    "DECISION_LABEL",
    "FIELDS_LABEL",
    "READING_LABEL",
    "DecisionRefused",
    "ImportRefused",
    "ThoughtMoved",
    "as_parameters",
    "check_decision",
    "content_hash",
    "dated",
    "decisions_by_course",
    "expected_course",
    "fields_as_data",
    "fields_from",
    "held_hours",
    "hours_since",
    "lines_in_use",
    "measure_id",
    "name_hash",
    "place_hash",
    "read_scores",
    "signals_by_course",
    "tidy",
    "value_hash",
]
