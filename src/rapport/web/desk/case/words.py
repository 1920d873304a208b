"""What happened in a course, in words, and where each thing stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.alliance.forms import UnknownForm, alliance_form
from rapport.clinical.exercises.tasks import TaskState
from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.practice.alliance.choices import AllianceEvent
from rapport.practice.correspondence.choices import CorrespondenceEvent, LetterKind, LetterStep
from rapport.practice.endings.choices import EndingEvent
from rapport.practice.episodes.choices import EpisodeEvent, Happened
from rapport.practice.exercises.choices import TaskEvent
from rapport.practice.measures.choices import MeasureEvent
from rapport.practice.outcomes.choices import OutcomeEvent
from rapport.practice.safety.choices import SafetyEvent
from rapport.practice.sessions.choices import SessionEvent
from rapport.practice.speaking.choices import PageKind, SpeakingEvent
from rapport.web.desk.exercises.words import STATES as TASK_STATES
from rapport.web.desk.outcomes.wording import moment_words
from rapport.web.desk.sessions.strips import PURPOSES
from rapport.web.doors import correspondence
from rapport.web.doors.speaking import KINDS as PAGES

# What one can filter by: a word for the address, its words on the page, what belongs to it, how it is marked.
KINDS: Mapping[str, tuple[Promise, frozenset[StrEnum]]] = {
    "hours": (
        gettext_lazy("Sessions"),
        frozenset({SessionEvent.HOUR, OutcomeEvent.BROUGHT_HOUR, SessionEvent.AWAY}),
    ),
    "notes": (gettext_lazy("Notes"), frozenset({SessionEvent.NOTE_SIGNED, SessionEvent.NOTE_ADDED_TO})),
    "measures": (
        gettext_lazy("Measures"),
        frozenset({OutcomeEvent.SCORE, MeasureEvent.ASKED_FOR, MeasureEvent.NO_LONGER_ASKED}),
    ),
    "goals": (gettext_lazy("Goals"), frozenset({EpisodeEvent.GOAL_ADDED, EpisodeEvent.GOAL_RATED})),
    "together": (gettext_lazy("Together"), frozenset(AllianceEvent)),
    "speaking": (gettext_lazy("Speaking"), frozenset(SpeakingEvent)),
    "tasks": (gettext_lazy("Tasks"), frozenset(TaskEvent)),
    "messages": (
        gettext_lazy("Messages and contacts"),
        frozenset({CorrespondenceEvent.MESSAGES, SessionEvent.CONTACT}),
    ),
    "letters": (
        gettext_lazy("Letters"),
        frozenset({CorrespondenceEvent.CASE_LETTER, EndingEvent.LETTER_WRITTEN, EndingEvent.LETTER_GIVEN}),
    ),
    "safety": (gettext_lazy("Safety"), frozenset({*SafetyEvent, EndingEvent.SAFETY_LOOKED_AT})),
    "steps": (
        gettext_lazy("The course itself"),
        frozenset(set(EpisodeEvent) - {EpisodeEvent.GOAL_ADDED, EpisodeEvent.GOAL_RATED})
        | {EndingEvent.ENDING_RECORDED, OutcomeEvent.THOUGHT_THROUGH, OutcomeEvent.DECIDED},
    ),
}
KIND_OF: Mapping[StrEnum, str] = {event: kind for kind, (_words, events) in KINDS.items() for event in events}
TONES: Mapping[StrEnum, str] = {
    SafetyEvent.ALERT_RAISED: "now",
    SafetyEvent.ALERT_ACKNOWLEDGED: "now",
    AllianceEvent.RUPTURE_NOTED: "private",
    SessionEvent.CONTACT: "plain",
    SessionEvent.NOTE_SIGNED: "plain",
    OutcomeEvent.SCORE: "plain",
}
PLAIN: Mapping[StrEnum, Promise] = {
    SessionEvent.NOTE_ADDED_TO: gettext_lazy("Added to a signed note"),
    EpisodeEvent.GOAL_ADDED: gettext_lazy("Goal added"),
    SafetyEvent.ALERT_RAISED: gettext_lazy("An answer needed a person"),
    SafetyEvent.ALERT_CLOSED: gettext_lazy("Answer that needed a person: closed"),
    SafetyEvent.PLAN_REHEARSED: gettext_lazy("Safety plan gone through"),
    EndingEvent.SAFETY_LOOKED_AT: gettext_lazy("Last look at safety"),
    EndingEvent.ENDING_RECORDED: gettext_lazy("Ending written down"),
    EndingEvent.LETTER_WRITTEN: gettext_lazy("Summary letter written"),
    EndingEvent.LETTER_GIVEN: gettext_lazy("Summary letter given to the client"),
    AllianceEvent.SAID_AFTER: gettext_lazy("The client said how the hour was"),
    AllianceEvent.RUPTURE_NOTED: gettext_lazy("Rupture memo, yours alone"),
    SpeakingEvent.PREPARED: gettext_lazy("The client prepared an hour"),
    SpeakingEvent.COMFORT_SAID: gettext_lazy("How to be at ease: said or changed"),
    TaskEvent.TASK_AGREED: gettext_lazy("Task agreed"),
    TaskEvent.TASK_REVIEWED: gettext_lazy("Task looked at together"),
}
BEGUN_BY: Mapping[Initiator, Promise] = {
    Initiator.CLIENT: gettext_lazy("begun by the client"),
    Initiator.THERAPIST: gettext_lazy("begun by you"),
    Initiator.SOMEONE_ELSE: gettext_lazy("begun by somebody else"),
}
# Where a thing has a page of its own; the others lead to the page of their kind.
OWN_PAGE: Mapping[StrEnum, str] = {
    EpisodeEvent.REFERRED: "referral",
    EpisodeEvent.REFERRAL_DECIDED: "referral",
    SessionEvent.HOUR: "session",
    SessionEvent.NOTE_SIGNED: "note",
    SessionEvent.NOTE_ADDED_TO: "note",
    SafetyEvent.ALERT_RAISED: "alert",
    SafetyEvent.ALERT_ACKNOWLEDGED: "alert",
    SafetyEvent.ALERT_CLOSED: "alert",
    AllianceEvent.SAID_AFTER: "session",
    AllianceEvent.RUPTURE_NOTED: "rupture",
    SpeakingEvent.HANDED_OVER: "handed_page",
    SpeakingEvent.HANDED_READ: "handed_page",
    TaskEvent.TASK_AGREED: "task",
    TaskEvent.TASK_SAID: "task",
    TaskEvent.TASK_REVIEWED: "task",
    CorrespondenceEvent.CASE_LETTER: "case_letter",
}
OF_COURSE: Mapping[StrEnum, str] = {
    EpisodeEvent.NEED_DECIDED: "decision",
    EpisodeEvent.OFFERED: "contract",
    EpisodeEvent.AGREED: "contract",
    EpisodeEvent.GOAL_ADDED: "goals",
    EpisodeEvent.GOAL_RATED: "goals",
    OutcomeEvent.SCORE: "measures",
    OutcomeEvent.THOUGHT_THROUGH: "course",
    OutcomeEvent.DECIDED: "course",
    MeasureEvent.ASKED_FOR: "measures",
    SafetyEvent.PLAN_WRITTEN: "plan",
    SafetyEvent.PLAN_REHEARSED: "plan",
    AllianceEvent.FORM_ANSWERED: "together",
    SpeakingEvent.PREPARED: "speaking",
    SpeakingEvent.COMFORT_SAID: "speaking",
    CorrespondenceEvent.MESSAGES: "messages",
    EndingEvent.ENDING_RECORDED: "ending",
    EndingEvent.SAFETY_LOOKED_AT: "ending",
    EndingEvent.LETTER_WRITTEN: "letter",
    EndingEvent.LETTER_GIVEN: "letter",
}


def happened_words(each: Happened, people: Mapping[UUID, str]) -> str:
    """What happened, without a word of what was said or written."""
    if each.event in PLAIN:
        return str(PLAIN[each.event])
    match each.event:
        case EpisodeEvent.CARE_BEGAN:
            return _("%(who)s begins to care") % {"who": people.get(each.id or UUID(int=0), "")}
        case EpisodeEvent.CARE_ENDED:
            return _("%(who)s no longer cares") % {"who": people.get(each.id or UUID(int=0), "")}
        case EpisodeEvent.GOAL_RATED:
            return _("Goal rated by the client") if each.code == "client" else _("Goal rated in the session")
        case SafetyEvent.PLAN_WRITTEN:
            return _("Safety plan, version %(n)s") % {"n": each.number}
        case SessionEvent.AWAY:
            return _("Time away")
        case SessionEvent.CONTACT:
            said = {"who": BEGUN_BY[Initiator(each.code)], "what": PURPOSES[ContactPurpose(each.title)]}
            return _("Contact between hours, %(who)s: %(what)s") % said
        case MeasureEvent.ASKED_FOR:
            return _("%(measure)s: asked for") % {"measure": each.title}
        case MeasureEvent.NO_LONGER_ASKED:
            return _("%(measure)s: no longer asked for") % {"measure": each.title}
        case _:
            return _written(each)


def _written(each: Happened) -> str:
    match each.event:
        case AllianceEvent.FORM_ANSWERED:
            return _("%(measure)s answered") % {"measure": _form(each.code)}
        case SpeakingEvent.HANDED_OVER:
            return _("Handed over by the client: %(what)s") % {"what": PAGES[PageKind(each.code)][0]}
        case SpeakingEvent.HANDED_READ:
            return _("Opened: %(what)s") % {"what": PAGES[PageKind(each.code)][0]}
        case TaskEvent.TASK_SAID:
            return _("Task: %(how)s") % {"how": TASK_STATES[TaskState(each.code)]}
        case CorrespondenceEvent.MESSAGES if each.code == "client":
            return ngettext("A message from the client", "%(n)s messages from the client", each.number or 0) % {
                "n": each.number
            }
        case CorrespondenceEvent.MESSAGES:
            return ngettext("A message to the client", "%(n)s messages to the client", each.number or 0) % {
                "n": each.number
            }
        case CorrespondenceEvent.CASE_LETTER:
            step = correspondence.STEPS[LetterStep(each.code)]
            return f"{correspondence.KINDS[LetterKind(each.title)]}: {step}"
        case _:
            return moment_words(each)


def _form(name: str) -> str:
    try:
        return alliance_form(name).title
    except UnknownForm:  # answered with a form that this version does not know any more
        return name


def where(each: Happened, episode_id: UUID) -> str:
    """Where the thing itself stands; nothing where it has no page."""
    if each.event in OWN_PAGE and each.id is not None:
        return reverse(f"desk:{OWN_PAGE[each.event]}", args=[each.id])
    return reverse(f"desk:{OF_COURSE[each.event]}", args=[episode_id]) if each.event in OF_COURSE else ""
