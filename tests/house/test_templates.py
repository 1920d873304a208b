"""Templates carry no script, no style and no foreign origin, and use each atom as it was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.sources import SRC, shown, templates

ATOMS = SRC / "web" / "components" / "templates" / "cotton"
INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\s(on[a-z]+|hx-on[:\w-]*)\s*=|javascript:", re.IGNORECASE),
    "foreign origin": re.compile(
        r"""\b(?:src|srcset|href|action|poster|data)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE
    ),
}
SHEET_ORIGIN = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import|["'](?:https?:|wss?:)//""", re.IGNORECASE)
TAG = re.compile(r"""<c-([a-z][\w.-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>""")
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TAKEN_IN = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
COMMENT = re.compile(r"\{% comment.*?endcomment %\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
# What an atom that prints {{ attrs }} may be handed besides its own attributes.
HTML_ATTRIBUTE = re.compile(
    r"(hx|data|aria)-.+|id|class|role|title|lang|dir|hidden|tabindex|disabled|autofocus|required|readonly|for|form"
    r"|target|rel|download|method|enctype|autocomplete|inputmode|placeholder|min|max|step|maxlength|rows|cols|open"
    r"|popovertarget|popovertargetaction|command|commandfor|formaction|novalidate|accept|multiple|checked|value|name"
)
CONTROL = {"slot", "vars", "component"}
# Cotton resolves names and literals after a colon. Anything to work out comes to nothing, without a word.
WORKED_OUT = re.compile(r'\s:[\w-]+="(?:not\s|[^"{[(]*?\s(?:==|!=|and|or|in|not)\s)')


def breaches(text: str) -> list[str]:
    """What the content security policy would block. An atom's attributes are its own: `once` is no handler."""
    bare = COMMENT.sub("", text)
    without_atoms = TAG.sub("", TEMPLATE_CODE.sub("", bare))
    read = {name: bare if name == "foreign origin" else without_atoms for name in INLINE}
    return [name for name, pattern in INLINE.items() if pattern.search(read[name])]


def attributes(text: str) -> set[str]:
    """The names of a tag's attributes, without Cotton's leading colon."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", text)
    names = re.findall(r"[:@]*[A-Za-z][\w.:-]*", TEMPLATE_CODE.sub("", bare))
    return {name.lstrip(":") for name in names}


def atoms_used(text: str) -> Iterator[tuple[str, set[str]]]:
    plain = TEMPLATE_CODE.sub("", COMMENT.sub("", text))
    for name, inside in TAG.findall(plain):
        if name not in CONTROL:
            yield name, attributes(inside)


def complaint(name: str, given: set[str], folder: Path = ATOMS) -> str:
    """What is wrong with a use of an atom, if anything."""
    place = folder / name.replace(".", "/").replace("-", "_")
    path = next((p for p in (place.with_suffix(".html"), place / "index.html") if p.exists()), None)
    if path is None:
        return f"<c-{name}> does not exist"
    text = path.read_text(encoding="utf-8")
    declared: set[str] = set()
    for tag, inside in TAG.findall(TEMPLATE_CODE.sub("", text)):
        if tag == "vars":
            declared |= attributes(inside)
    passed_on = "attrs" in text
    strange = {a for a in given - declared if not (passed_on and HTML_ATTRIBUTE.fullmatch(a))}
    return f"<c-{name}> does not declare {', '.join(sorted(strange))}" if strange else ""


def test_no_script_style_or_foreign_origin() -> None:
    wrong = [(shown(p), found) for p in templates() if (found := breaches(p.read_text(encoding="utf-8")))]
    assert not wrong


def test_sheets_and_scripts_fetch_from_nowhere() -> None:
    own = [*SRC.rglob("*.css"), *SRC.rglob("*.js")]
    namespace = "http://www.w3.org/"
    assert not [shown(p) for p in own if SHEET_ORIGIN.search(p.read_text(encoding="utf-8").replace(namespace, ""))]


def test_atoms_are_used_as_declared() -> None:
    wrong = [
        f"{shown(path)}: {said}"
        for path in templates()
        for name, given in atoms_used(path.read_text(encoding="utf-8"))
        if (said := complaint(name, given))
    ]
    assert not wrong


def test_every_page_or_part_that_is_taken_in_exists() -> None:
    wrong = [
        f"{shown(path)}: {name}"
        for path in templates()
        for name in TAKEN_IN.findall(path.read_text(encoding="utf-8"))
        if not any((root / name).exists() for root in SRC.glob("web/*/templates"))
    ]
    assert not wrong


def test_no_attribute_of_an_atom_has_to_be_worked_out() -> None:
    assert not [shown(path) for path in templates() if WORKED_OUT.search(path.read_text(encoding="utf-8"))]


def test_an_attribute_to_work_out_is_seen() -> None:
    """The control."""
    assert WORKED_OUT.search("""<c-tab :current="here == 'diary'">""")
    assert WORKED_OUT.search('<c-tab :current="not everything">')
    assert not WORKED_OUT.search('<c-tab :current="tab.current" title="not this and that">')


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>alert(1)</script>", ["inline script"]),
        ('<script src="/static/x.js" defer></script>', []),
        ('<p style="color:red">', ["inline style"]),
        ('<button onclick="go()">', ["inline handler"]),
        ('<img src="//cdn.example/x.png">', ["foreign origin"]),
        ('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', []),
        ('<c-scale once="1" /><c-tab href="https://elsewhere.example">', ["foreign origin"]),
        ("{# style= is forbidden #}<p>", []),
    ],
)
def test_what_counts_as_a_breach(text: str, found: list[str]) -> None:
    assert breaches(text) == found


def test_a_misspelt_attribute_is_seen(tmp_path: Path) -> None:
    (tmp_path / "page_head.html").write_text('<c-vars title="" :lead="None" />\n<h1>{{ title }}</h1>')
    (tmp_path / "button").mkdir()
    (tmp_path / "button" / "index.html").write_text(
        '<c-vars kind="primary" />\n<button {{ attrs }}>{{ slot }}</button>'
    )
    text = (
        '<c-page-head tilte="{% translate "A > b" %}" :lead="x" /><c-button kind="plain" hx-get="/x" knid>Go</c-button>'
    )
    said = [complaint(name, given, tmp_path) for name, given in atoms_used(text)]
    assert said == ["<c-page-head> does not declare tilte", "<c-button> does not declare knid"]
    assert complaint("absent", set(), tmp_path) == "<c-absent> does not exist"
