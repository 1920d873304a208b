"""What other duties bring to the prep card, in one place: a duty that has `prep_lines` is named here."""

from __future__ import annotations

from collections.abc import Callable

from rapport.practice.episodes.choices import EpisodeFacts
from rapport.web.desk.alliance import prep as alliance
from rapport.web.desk.exercises import prep as exercises
from rapport.web.desk.prep import PrepLine
from rapport.web.desk.speaking import prep as speaking
from rapport.web.doors.page import PageRequest

Provider = Callable[[PageRequest, EpisodeFacts], list[PrepLine]]

# What the client wrote for today, then what helps them speak.
FROM_CLIENT: tuple[Provider, ...] = (speaking.said_lines, speaking.prep_lines)
# What was agreed for the time between, what is worth asking, what is coming.
FROM_DUTIES: tuple[Provider, ...] = (alliance.prep_lines, exercises.prep_lines)
MOST = 6


def from_client(request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    """The client's own words of today."""
    return _lines(FROM_CLIENT, request, course)


def from_duties(request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    """Everything else, what needs somebody now before what does not."""
    return _lines(FROM_DUTIES, request, course)


def _lines(providers: tuple[Provider, ...], request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    rank = {"now": 0, "look": 1, "plain": 2}
    found = [line for provider in providers for line in provider(request, course)]
    return sorted(found, key=lambda line: rank[line.tone])[:MOST]
