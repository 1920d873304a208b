"""Notes are written in Markdown and shown as HTML that holds nothing but text: no script, no image, no foreign link."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "blockquote", "code", "pre", "ul", "ol", "li", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
DEEPEST_NESTING = 20


@functools.cache
def _parser() -> MarkdownIt:
    options = {"html": False, "breaks": True, "linkify": False, "maxNesting": DEEPEST_NESTING}
    # With `reference`, a line such as “[Mother]: she rang” would be taken for the address of a link and not be shown.
    off = ["image", "link", "autolink", "reference"]
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).disable(off)


def parse_markdown(text: str) -> list[Token]:
    """Markdown in its parts; headings begin below those of the page."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    return tokens


def html_of(tokens: Sequence[Token], classes: Iterable[str] = ()) -> SafeString:
    """Parts as clean HTML; of what a caller added, only spans of these classes pass."""
    html, known = _parser().renderer.render(tokens, _parser().options, {}), set(classes)
    tags = TAGS | {"span"} if known else TAGS
    return mark_safe(nh3.clean(html, tags=tags, attributes={}, allowed_classes={"span": known}))  # noqa: S308 (cleaned)


def render_markdown(text: str) -> SafeString:
    """Markdown as clean HTML.

    >>> render_markdown("Came *late*, <script>alert(1)</script>")
    '<p>Came <em>late</em>, &lt;script&gt;alert(1)&lt;/script&gt;</p>\\n'
    """
    return html_of(parse_markdown(text))
