"""The forms of a page, filled in as a person would and sent with each of their buttons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Field = tuple[str, str]
TYPED = {
    "date": "2026-03-16",
    "time": "14:30",
    "datetime-local": "2026-03-16T14:30",
    "email": "somebody.new@mail.example",
    "tel": "+44 20 7946 0999",
    "url": "https://calendar.example/feed",
    "number": "5",
    "password": "a long enough passphrase of words",
}
LATER = {"date": "2026-03-18", "time": "15:30"}
NOT_TYPED = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass(slots=True)
class Form:
    """One form: where it goes, what is in it, and what it can be sent with."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, Field | None]] = field(default_factory=list)  # where a button sends it, what it adds
    has_file: bool = False

    def _has(self, name: str) -> bool:
        return any(name == known for known, _ in self.fields)

    def add(self, name: str, value: str) -> None:
        self.fields.append((name, value))

    def choose(self, name: str, value: str) -> None:
        """Of several that share a name, the first."""
        if not self._has(name):
            self.add(name, value)

    def presses(self) -> Iterator[tuple[str, list[Field]]]:
        """Where it is sent and with what, once for each button."""
        for where, button in self.buttons or [(self.action, None)]:
            yield where, [*self.fields, *([button] if button else [])]


class Pressed(HTMLParser):
    """Every form of a page that posts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._named: dict[str, Form] = {}
        self._select = self._textarea = ""
        self._options: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            if given.get("method", "").lower() == "post":
                self.found.append(self._form)
            if "id" in given:
                self._named[given["id"]] = self._form
        form = self._named.get(given.get("form", ""), self._form)
        if form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "button" and given.get("type", "submit") == "submit":
            added = (name, given.get("value", "")) if name else None
            form.buttons.append((given.get("formaction", form.action), added))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea" and name:
            self._textarea, self._text = name, []
        elif tag == "input" and name:
            self._input(form, name, given)

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        form.has_file |= kind == "file"
        if kind in NOT_TYPED:
            return
        if kind == "hidden":
            form.add(name, value)
        elif kind == "radio":
            form.choose(name, value)
        elif kind == "checkbox":
            form.choose(name, value or "on")
        else:
            form.add(name, value or self._next(form, kind))

    def _next(self, form: Form, kind: str) -> str:
        """What is typed into a field; of two days or two times, the second is later."""
        first = TYPED.get(kind, "Something typed")
        return LATER[kind] if kind in LATER and any(value == first for _, value in form.fields) else first

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea:
            if self._form is not None:
                self._form.add(self._textarea, "".join(self._text).strip() or "Something typed")
            self._textarea = ""
        elif tag == "select" and self._select:
            values = [value for value, _ in self._options if value]
            chosen = next((value for value, is_chosen in self._options if is_chosen and value), None)
            if self._form is not None and values:
                self._form.add(self._select, chosen or values[0])
            self._select = ""
