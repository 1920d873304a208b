"""A note as it is read: Markdown in which facts, what the client said and what was inferred carry their name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from markdown_it.token import Token

from rapport.clinical.sessions.writing.marks import MARK, Mark
from rapport.web.components.letters.note import Block, Run
from rapport.web.components.markdown import html_of, parse_markdown

MARKS: dict[Mark, Promise] = {
    Mark.FACT: gettext_lazy("fact"),
    Mark.SAID: gettext_lazy("client said"),
    Mark.INFER: gettext_lazy("I infer"),
}
CLASSES = ("marked", "mark-name", *(f"mark-{mark}" for mark in Mark))
BREAKS = ("softbreak", "hardbreak")
KINDS = {"heading_open": "heading", "blockquote_open": "quote", "list_item_open": "item"}


def render_note(text: str) -> SafeString:
    """The words of a section as clean HTML, each mark as its word and in its colour.

    >>> render_note("[fact] Came **late**.")
    '<p><span class="marked mark-fact"><span class="mark-name">fact</span> Came <strong>late</strong>.</span></p>\\n'
    """
    tokens = parse_markdown(text)
    for token in tokens:
        if token.children:
            token.children = list(_with_marks(token.children))
    return html_of(tokens, CLASSES)


def _with_marks(children: Sequence[Token]) -> Iterator[Token]:
    depth, is_open = 0, False
    for child in children:
        depth += child.nesting
        if is_open and depth == 0 and child.type in BREAKS:
            yield _raw("</span>")
            is_open = False
        if child.type != "text" or not MARK.search(child.content):
            yield child
            continue
        for mark, words in _split(child.content):
            if mark is not None:
                whole = depth == 0  # inside bold or italics only the name is shown: what it holds ends elsewhere
                yield _raw(("</span>" if is_open else "") + _named(mark, open_end=whole))
                is_open = whole
            if words:
                yield Token("text", "", 0, content=words)
    if is_open:
        yield _raw("</span>")


def _split(text: str) -> Iterator[tuple[Mark | None, str]]:
    """Text between marks; every mark begins a piece, even an empty one."""
    since, mark = 0, None
    for found in MARK.finditer(text):
        if found.start() > since or mark is not None:
            yield mark, text[since : found.start()]
        mark, since = Mark(found[1].lower()), found.end()
    yield mark, text[since:]


def _named(mark: Mark, *, open_end: bool) -> str:
    name = f'<span class="mark-name">{escape(str(MARKS[mark]))}</span> '
    return f'<span class="marked mark-{mark}">{name}' + ("" if open_end else "</span>")


def _raw(html: str) -> Token:
    return Token("html_inline", "", 0, content=html)


def blocks_of(text: str) -> list[Block]:
    """The same words for paper: paragraphs, list items, headings and quotations, each in runs."""
    blocks: list[Block] = []
    kinds: list[str] = []
    for token in parse_markdown(text):
        if token.type in KINDS:
            kinds.append(KINDS[token.type])
        elif token.type.removesuffix("_close") + "_open" in KINDS:
            kinds.pop()
        elif token.type in {"fence", "code_block"}:
            blocks.append({"kind": "plain", "runs": [{"text": token.content, "look": "", "mark": "", "name": ""}]})
        elif token.type == "inline":
            kind = kinds[-1] if kinds else "plain"
            blocks.append({"kind": kind, "runs": list(_runs(token.children or []))})
    return blocks


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    looks: list[str] = []
    mark: Mark | None = None
    for child in children:
        if child.type in BREAKS:
            mark = None
            yield {"text": "\n", "look": "", "mark": "", "name": ""}
        elif child.nesting:
            looks = [*looks, child.tag] if child.nesting > 0 else looks[:-1]
        elif child.content:
            for begun, words in _split(child.content):
                name = str(MARKS[begun]) if begun else ""
                mark = begun or mark
                yield {"text": words, "look": " ".join(looks), "mark": str(mark or ""), "name": name}
