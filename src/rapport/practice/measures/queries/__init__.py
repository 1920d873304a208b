"""What can be read about measures."""

from rapport.practice.measures.queries.caseloads import caseload_scores
from rapport.practice.measures.queries.checks import SafetyBalance, safety_balance
from rapport.practice.measures.queries.forms import (
    AssignmentLine,
    FormFacts,
    FormLine,
    assignments,
    form,
    happened,
    own_forms,
)
from rapport.practice.measures.queries.instruments import (
    AnswerWords,
    PackTerms,
    all_instruments,
    answer_in_words,
    instrument,
    pack_terms,
    packs_to_install,
    typed_answers,
)
from rapport.practice.measures.queries.series import (
    Administered,
    MeasurePoint,
    MeasureSeries,
    OpenQuestion,
    administered,
    open_questions,
    own_scores,
    scores,
)

__all__ = [
    "Administered",
    "AnswerWords",
    "AssignmentLine",
    "FormFacts",
    "FormLine",
    "MeasurePoint",
    "MeasureSeries",
    "OpenQuestion",
    "PackTerms",
    "SafetyBalance",
    "administered",
    "all_instruments",
    "answer_in_words",
    "assignments",
    "caseload_scores",
    "form",
    "happened",
    "instrument",
    "open_questions",
    "own_forms",
    "own_scores",
    "pack_terms",
    "packs_to_install",
    "safety_balance",
    "scores",
    "typed_answers",
]
