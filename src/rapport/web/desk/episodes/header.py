"""The head of every page about one course: whose it is, where it stands, and the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.practice.episodes.choices import EpisodeFacts, EpisodeState
from rapport.practice.episodes.queries import episode
from rapport.web.desk.episodes.words import STATES
from rapport.web.doors.page import PageRequest

# Each tab: its words, the address it leads to, and the other pages that belong to it.
TABS: tuple[tuple[Promise, str, frozenset[str]], ...] = (
    (_("Course"), "course", frozenset()),
    (_("Assessment"), "assessment", frozenset({"problems", "section_history", "decision", "without_therapy"})),
    (_("Sessions"), "sessions", frozenset({"session"})),
    (_("Measures"), "measures", frozenset({"assign", "paper"})),
    (_("Goals"), "goals", frozenset({"goal_add"})),
    (_("Safety plan"), "plan", frozenset({"edit_plan"})),
    (_("Agreement"), "contract", frozenset({"contract_new", "contract_paper"})),
    (_("My own notes"), "process_notes", frozenset()),
    (_("Ending"), "ending", frozenset({"letter"})),
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


def case_header(request: PageRequest, episode_id: UUID) -> CaseHeader:
    """The head for an episode in the viewer's care; unknown and foreign ones are refused here."""
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    here = request.resolver_match.url_name if request.resolver_match else ""
    tabs = []
    for label, name, also in TABS:
        href = _address(name, episode_id)
        if href:
            tabs.append(Tab(label, href, here == name or here in also))
    return CaseHeader(facts, STATES[facts.state], tuple(tabs))


def _address(name: str, episode_id: UUID) -> str:
    """Where a tab leads; a page that this installation does not have yields no tab."""
    try:
        return reverse(f"desk:{name}", args=[episode_id])
    except NoReverseMatch:
        return ""
