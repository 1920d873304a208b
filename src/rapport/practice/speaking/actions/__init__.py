"""Making speaking easier, one noun per file."""

from rapport.practice.speaking.actions.comfort import set_comfort
from rapport.practice.speaking.actions.ladder import choose_rung
from rapport.practice.speaking.actions.openers import add_opener, put_opener_away, star_opener
from rapport.practice.speaking.actions.pages import (
    begin_page,
    bring_picture,
    hand_page_over,
    open_handed_page,
    put_page_away,
    save_page,
    take_page_back,
)
from rapport.practice.speaking.actions.preparing import prepare_hour
from rapport.practice.speaking.actions.trust import mark_trust_step
from rapport.practice.speaking.rules import HourHasBegun, PageBlank, PageChanged, PageHandedOver, SpeakingRefused

__all__ = [
    "HourHasBegun",
    "PageBlank",
    "PageChanged",
    "PageHandedOver",
    "SpeakingRefused",
    "add_opener",
    "begin_page",
    "bring_picture",
    "choose_rung",
    "hand_page_over",
    "mark_trust_step",
    "open_handed_page",
    "prepare_hour",
    "put_opener_away",
    "put_page_away",
    "save_page",
    "set_comfort",
    "star_opener",
    "take_page_back",
]
