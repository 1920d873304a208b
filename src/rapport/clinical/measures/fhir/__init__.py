"""FHIR R4B: questionnaires read as instruments, responses read and recomputed, both written."""

from rapport.clinical.measures.fhir.danger import is_known, proposed, with_marks
from rapport.clinical.measures.fhir.questionnaires import Imported, read_questionnaire
from rapport.clinical.measures.fhir.resources import BadResource
from rapport.clinical.measures.fhir.responses import ReadResponse, read_response
from rapport.clinical.measures.fhir.writing import write_questionnaire, write_response

__all__ = [
    "BadResource",
    "Imported",
    "ReadResponse",
    "is_known",
    "proposed",
    "read_questionnaire",
    "read_response",
    "with_marks",
    "write_questionnaire",
    "write_response",
]
