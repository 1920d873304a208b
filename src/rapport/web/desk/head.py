"""The head of every page about one course: whose it is, where it stands, and the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import NoReverseMatch, reverse
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

# Each tab: its words, the address it leads to, and the other pages that belong to it.
TABS: tuple[tuple[Promise, str, frozenset[str]], ...] = (
    (_("Course"), "course", frozenset()),
    (
        _("Assessment"),
        "assessment",
        frozenset({"problems", "section_save", "section_history", "decision", "without_therapy"}),
    ),
    (
        _("Sessions"),
        "sessions",
        frozenset(
            {"session", "session_move", "session_cancel", "session_missed", "session_skip", "session_times"}
            | {"note", "note_begin", "note_save", "note_compare", "note_addendum"}
            | {"frame", "people", "contact_record"}
        ),
    ),
    (_("Notes"), "process_notes", frozenset({"process_note", "process_save", "process_compare", "process_addendum"})),
    (_("Together"), "together", frozenset({"alliance_form", "rupture", "speaking", "speaking_comfort"})),
    (
        _("Between"),
        "between",
        frozenset(
            {"task_new", "task", "task_said", "task_review", "messages", "letters", "case_letter", "case_letter_new"}
        ),
    ),
    (_("Measures"), "measures", frozenset({"assign", "assign_pack", "paper"})),
    (_("Goals"), "goals", frozenset({"goal_add", "goal_rate"})),
    (_("Safety plan"), "plan", frozenset({"edit_plan"})),
    (_("Agreement"), "contract", frozenset({"contract_new", "contract_paper"})),
    (_("Ending"), "ending", frozenset({"ending_safety", "ending_close", "letter"})),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the case."""

    words: Promise
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """What `desk/episodes/header.html` shows, as `case`."""

    episode: EpisodeFacts
    state: Promise
    tabs: tuple[Tab, ...]
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
    tabs = []
    for label, name, also in TABS:
        href = _address(name, facts.id)
        if href:
            tabs.append(Tab(label, href, here == name or here in also))
    return CaseHeader(facts, STATES[facts.state], tuple(tabs), lead)


def _address(name: str, episode_id: UUID) -> str:
    """Where a tab leads; a page that this installation does not have yields no tab."""
    try:
        return reverse(f"desk:{name}", args=[episode_id])
    except NoReverseMatch:
        return ""
