"""The small repeated things of a diary as HTML: a week holds hundreds, and partials would cost more than the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.web.desk.sessions.grid.chips import Chip

FREE = '<a class="free {}" href="{}" data-start="{}"><span class="visually-hidden">{}</span></a>'
WORDS = '<span class="when">{}{}–{}</span> <span class="name">{}</span> <span class="note">{}</span>'
CHIP = '<a class="chip {}"{}>{} {} <span class="note">{}</span></a>'


class Block(Protocol):
    """An hour at its place in a column."""

    @property
    def chip(self) -> Chip: ...
    @property
    def css(self) -> str: ...
    @property
    def goes_on(self) -> bool: ...


class Free(Protocol):
    """A free time at its place in a column."""

    @property
    def start(self) -> str: ...
    @property
    def css(self) -> str: ...
    @property
    def href(self) -> str: ...


def written_free(day: str, free: Iterable[Free]) -> SafeString:
    """Links that book a free time of a day."""
    words = _("Book %(day)s, %(time)s")
    return format_html_join(
        "", FREE, ((each.css, each.href, each.start, words % {"day": day, "time": each.start}) for each in free)
    )


def written_blocks(blocks: Iterable[Block]) -> SafeString:
    """Hours: those one may open are links, those one may move say where to."""
    return format_html_join("", "{}", ((_block(each),) for each in blocks))


def written_chips(chips: Iterable[Chip]) -> SafeString:
    """Hours as a list within a cell."""
    return format_html_join(
        "", CHIP, ((each.css, _address(each.href), each.when, each.name, each.note) for each in chips)
    )


def _block(block: Block) -> SafeString:
    chip = block.chip
    words = format_html(WORDS, "… " if block.goes_on else "", chip.when, chip.until, chip.name, chip.note)
    if not chip.href:
        return format_html('<div class="block {}">{}</div>', block.css, words)
    if not chip.move:
        return format_html('<a class="block {}" href="{}">{}</a>', block.css, chip.href, words)
    moves = '<a class="block {}" href="{}" data-move="{}" data-minutes="{}">{}</a>'
    return format_html(moves, block.css, chip.href, chip.move, chip.minutes, words)


def _address(href: str) -> SafeString:
    return format_html(' href="{}"', href) if href else SafeString()
