"""What a person reads or hears of a page, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "textarea", "template", "code"})
SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt")
# What a script says for the page, or a stylesheet puts before it.
SAID_LATER = (
    "confirm",
    "conflict",
    "done",
    "failed",
    "label",
    "locked",
    "many",
    "one",
    "saved",
    "saving",
    "typing",
    "unable",
)
VOID = frozenset(
    {"input", "br", "img", "meta", "link", "hr", "col", "path", "use", "circle", "rect", "line", "polyline"}
)


@dataclass
class Visible(HTMLParser):
    """Pieces of text with the path of tags they stand in.

    What a page marks as another language than its own stays in that one and is not among them.
    """

    page: str
    pieces: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.spoken: list[str] = []
        self.feed(self.page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.open.append((tag, given.get("class") or ""))
        self.spoken.append(given.get("lang") or (self.spoken[-1] if self.spoken else ""))
        for name in (*SPOKEN, *(f"data-{each}" for each in SAID_LATER)):
            self._add(given.get(name) or "", f"@{name}")
        if tag == "input" and given.get("type") in ("submit", "button"):
            self._add(given.get("value") or "", "@value")
        if tag in VOID:
            self._close()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(name == tag for name, _ in self.open):
            if self._close() == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(tag in SILENT for tag, _ in self.open):
            self._add(data)

    def _close(self) -> str:
        self.spoken.pop()
        return self.open.pop()[0]

    def _add(self, text: str, where: str = "") -> None:
        if (words := " ".join(text.split())) and self.spoken[-1:] == self.spoken[:1]:
            path = " ".join(f"{tag}.{'.'.join(classes.split())}" if classes else tag for tag, classes in self.open[-4:])
            self.pieces.append((words, path + where))
