"""What can be read about measures."""

from rapport.practice.measures.queries.administrations import (
    AdministrationFacts,
    ItemFacts,
    ScoreFacts,
    administration,
    as_response,
)
from rapport.practice.measures.queries.caseloads import SeriesEnds, caseload_scores
from rapport.practice.measures.queries.checks import SafetyBalance, safety_balance
from rapport.practice.measures.queries.forms import (
    AssignmentLine,
    FormFacts,
    FormLine,
    assignments,
    form,
    forms_on_device,
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
from rapport.practice.measures.queries.problems import ProblemSeries, problem_series
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
    "AdministrationFacts",
    "AnswerWords",
    "AssignmentLine",
    "FormFacts",
    "FormLine",
    "ItemFacts",
    "MeasurePoint",
    "MeasureSeries",
    "OpenQuestion",
    "PackTerms",
    "ProblemSeries",
    "SafetyBalance",
    "ScoreFacts",
    "SeriesEnds",
    "administered",
    "administration",
    "all_instruments",
    "answer_in_words",
    "as_response",
    "assignments",
    "caseload_scores",
    "form",
    "forms_on_device",
    "happened",
    "instrument",
    "open_questions",
    "own_forms",
    "own_scores",
    "pack_terms",
    "packs_to_install",
    "problem_series",
    "safety_balance",
    "scores",
    "typed_answers",
]
