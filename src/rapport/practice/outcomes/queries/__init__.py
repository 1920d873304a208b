"""Reading courses: one, the client's own, all in one's care; and what is about to be imported."""

from rapport.practice.outcomes.queries.caseload import caseload, worth_a_look
from rapport.practice.outcomes.queries.courses import course, own_course
from rapport.practice.outcomes.queries.importing import preview, preview_of, staged, therapists
from rapport.practice.outcomes.queries.service import report_offer, service_facts
from rapport.practice.outcomes.queries.threads import thread, threads
from rapport.practice.outcomes.queries.timeline import timeline

__all__ = [
    "caseload",
    "course",
    "own_course",
    "preview",
    "preview_of",
    "report_offer",
    "service_facts",
    "staged",
    "therapists",
    "thread",
    "threads",
    "timeline",
    "worth_a_look",
]
