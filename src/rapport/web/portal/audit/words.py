"""What each kind of thing in a record is to the client it is about.

An alert is called by the answers that raised it: what a person has to look at is not the client's to read here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = (
    (_("who you are and how to reach you"), ("client", "client_zone", "safe_contact", "invitation", "account")),
    (_("what you agreed to"), ("consent", "contract")),
    (_("your sessions and their times"), (
        "agenda", "appointment", "appointment_comment", "charge", "contact_event", "meeting_room", "room", "series",
        "session", "session_moment", "slot_offer", "waiting",
    )),
    (_("notes about your sessions"), (
        "person_in_life", "progress_note", "session_intervention", "session_mark", "thread",
    )),
    (_("how your therapy began and where it goes"), (
        "assessment", "care_relationship", "ending", "episode", "goal", "need_decision", "referral",
    )),
    (_("your answers"), ("alert", "alliance", "course", "measure", "questionnaire", "safety_answer", "signal")),
    (_("your safety plan"), ("safety_plan",)),
    (_("your messages, letters and files"), ("case_letter", "file", "letter", "message", "outbox")),
    (_("your own pages and how you like to speak"), ("comfort", "own_page", "preparation", "rung", "trust_step")),
    (_("your tasks"), ("task",)),
    (_("this list"), ("audit", "client_audit")),
)  # fmt: skip
SUBJECTS = {kind: words for words, kinds in WORDS for kind in kinds}


def subject_words(kind: str) -> str:
    return str(SUBJECTS.get(kind, _("something else about you")))
