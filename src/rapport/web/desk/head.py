"""The head of every page about one course: whose it is, where it stands, the tabs and what is within them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.practice.episodes.choices import EpisodeFacts, EpisodeState
from rapport.practice.episodes.queries import episode
from rapport.web.doors.page import PageRequest

STATES: dict[EpisodeState, Promise] = {
    EpisodeState.REFERRED: _("referred"),
    EpisodeState.SCREENING: _("being looked at"),
    EpisodeState.SIGNPOSTED: _("shown another place"),
    EpisodeState.DECLINED: _("declined"),
    EpisodeState.WAITING: _("waiting"),
    EpisodeState.ASSESSMENT: _("in assessment"),
    EpisodeState.OFFERED: _("agreement offered"),
    EpisodeState.CONTRACTED: _("agreed, about to begin"),
    EpisodeState.ACTIVE: _("in therapy"),
    EpisodeState.PAUSED: _("paused"),
    EpisodeState.ENDING: _("ending"),
    EpisodeState.FOLLOW_UP: _("in follow-up"),
    EpisodeState.CLOSED: _("closed"),
}


class Part(NamedTuple):
    """One page of a case: its words, its address, and the other pages that belong to it."""

    words: Promise
    name: str
    also: frozenset[str] = frozenset()
    of_record: bool = False  # for the therapist of record alone


# The tabs of a case and what stands within each; a tab leads to its first page.
GROUPS: tuple[tuple[Promise, tuple[Part, ...]], ...] = (
    (_("Course"), (Part(_("The course so far"), "course", frozenset({"think"})), Part(_("Time line"), "timeline"))),
    (
        _("Sessions"),
        (
            Part(
                _("Hours"),
                "sessions",
                frozenset({"session", "session_move", "session_cancel", "session_missed", "session_skip"})
                | {"session_times", "session_place", "session_charge", "wish"}
                | {"note", "note_begin", "note_save", "note_compare", "note_addendum"},
            ),
            Part(
                _("Process notes"),
                "process_notes",
                frozenset({"process_note", "process_save", "process_compare", "process_addendum"}),
            ),
            Part(_("Frame"), "frame", of_record=True),
            Part(_("Contact between hours"), "contact_record"),
            Part(_("People in their life"), "people"),
        ),
    ),
    (
        _("Together"),
        (
            Part(_("Alliance"), "together", frozenset({"alliance_form", "rupture", "rupture_new"})),
            Part(_("Speaking"), "speaking", frozenset({"speaking_comfort", "handed_page"})),
        ),
    ),
    (
        _("Between"),
        (
            Part(_("Tasks"), "between", frozenset({"task_new", "task", "task_said", "task_review"})),
            Part(_("Messages"), "messages"),
            Part(
                _("Letters"),
                "letters",
                frozenset({"case_letter", "case_letter_new", "case_letter_show", "case_letter_together"})
                | {"case_letter_send", "case_letter_aside"},
            ),
        ),
    ),
    (
        _("Measures and goals"),
        (
            Part(
                _("Measures"),
                "measures",
                frozenset({"assign", "assign_pack", "assign_set", "rate_problems", "paper"})
                | {"bring_response", "administration"},
            ),
            Part(_("Goals"), "goals", frozenset({"goal_add", "goal_rate"})),
        ),
    ),
    (_("Safety plan"), (Part(_("Safety plan"), "plan", frozenset({"edit_plan"})),)),
    (
        _("Beginning"),
        (
            Part(
                _("Assessment"),
                "assessment",
                frozenset({"problems", "section_save", "section_history", "decision", "without_therapy"}),
            ),
            Part(_("Referral"), "referral_of_course", frozenset({"referral", "referral_decide", "referral_consent"})),
            Part(_("Agreement"), "contract", frozenset({"contract_new", "contract_paper"})),
        ),
    ),
    (_("Ending"), (Part(_("Ending"), "ending", frozenset({"ending_safety", "ending_close", "letter"})),)),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the case."""

    words: Promise
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """What `desk/episodes/header.html` shows, as `case`. `within` are the pages of the tab one is in, if several."""

    episode: EpisodeFacts
    state: Promise
    tabs: tuple[Tab, ...]
    within: tuple[Tab, ...] = ()
    within_words: str | Promise = ""
    lead: str = ""

    @property
    def name(self) -> str:
        return self.episode.client_name

    @property
    def id(self) -> UUID:
        return self.episode.id

    @property
    def client_id(self) -> UUID:
        return self.episode.client_id

    @property
    def tone(self) -> str:
        return "ok" if self.episode.state is EpisodeState.ACTIVE else "plain"


def case_header(request: PageRequest, course: EpisodeFacts | UUID, lead: str = "") -> CaseHeader:
    """The head for an episode in the viewer's care; unknown and foreign ones are refused here.

    A page that has read the episode already hands over what it read, so that it is read once.
    `lead` says which page of the course this is.
    """
    facts = (
        course if isinstance(course, EpisodeFacts) else episode(viewer=request.actor, at=request.at, episode_id=course)
    )
    here = request.resolver_match.url_name if request.resolver_match else ""
    tabs: list[Tab] = []
    within: tuple[Tab, ...] = ()
    within_words: str | Promise = ""
    for label, parts in GROUPS:
        pages = _pages(facts, parts, here, is_of_record=facts.therapist_id == request.actor.id)
        is_here = any(page.current for page in pages)
        tabs.append(Tab(label, pages[0].href, is_here))
        if is_here and len(pages) > 1:
            within, within_words = pages, label
    return CaseHeader(facts, STATES[facts.state], tuple(tabs), within, within_words, lead)


def _pages(facts: EpisodeFacts, parts: tuple[Part, ...], here: str | None, *, is_of_record: bool) -> tuple[Tab, ...]:
    return tuple(
        Tab(part.words, reverse(f"desk:{part.name}", args=[facts.id]), here == part.name or here in part.also)
        for part in parts
        if is_of_record or not part.of_record
    )
