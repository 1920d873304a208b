"""What can be read about measures."""

from rapport.practice.measures.queries.caseloads import caseload_scores
from rapport.practice.measures.queries.checks import SafetyBalance, safety_balance
from rapport.practice.measures.queries.forms import AssignmentLine, FormFacts, FormLine, assignments, form, own_forms
from rapport.practice.measures.queries.instruments import (
    all_instruments,
    installed_packs,
    instrument_named,
    packs_to_install,
    pre_assessment_pack,
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
    "AssignmentLine",
    "FormFacts",
    "FormLine",
    "MeasurePoint",
    "MeasureSeries",
    "OpenQuestion",
    "SafetyBalance",
    "administered",
    "all_instruments",
    "assignments",
    "caseload_scores",
    "form",
    "installed_packs",
    "instrument_named",
    "open_questions",
    "own_forms",
    "own_scores",
    "packs_to_install",
    "pre_assessment_pack",
    "safety_balance",
    "scores",
]
