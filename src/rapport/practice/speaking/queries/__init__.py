"""Reading what makes speaking easier, one noun per file."""

from rapport.practice.speaking.queries.comfort import comfort, comfort_versions
from rapport.practice.speaking.queries.happened import happened
from rapport.practice.speaking.queries.ladder import rungs
from rapport.practice.speaking.queries.openers import own_shelf
from rapport.practice.speaking.queries.pages import handed_page, handed_pages, own_page, own_pages, page_file
from rapport.practice.speaking.queries.preparing import (
    before_the_hour,
    hour_to_prepare,
    own_preparation,
    prepared_before,
)
from rapport.practice.speaking.queries.trust import trust_steps

__all__ = [
    "before_the_hour",
    "comfort",
    "comfort_versions",
    "handed_page",
    "handed_pages",
    "happened",
    "hour_to_prepare",
    "own_page",
    "own_pages",
    "own_preparation",
    "own_shelf",
    "page_file",
    "prepared_before",
    "rungs",
    "trust_steps",
]
