"""Every atom says what it takes, has an example, and escapes what it is given."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

from rapport.web.components.gallery.samples import ReferralForm
from rapport.web.components.gallery.views import ATOMS, FRAMES, atom_names
from rapport.web.components.icons import UnknownIcon, icon
from rapport.web.components.templatetags.components import initials, pairs, plain_code, shown, shown_unit, shown_value

pytestmark = pytest.mark.urls("tests.web.components.gallery_urls")

# fmt: off
PROMISED = {
    "page-head", "sheet", "button", "field", "form", "badge", "call", "table", "tabs", "tab", "dialog", "empty",
    "timeline", "moment", "trend", "number-card", "notice", "person", "stepper", "figures", "figure", "says", "icon",
    "scale", "rungs", "rung", "well", "progress", "initials", "details", "copy", "help-now",
}
# fmt: on


def drawn(source: str, **context: object) -> str:
    return engines["django"].from_string(CottonCompiler().process(source)).render(context)


def test_every_promised_atom_exists() -> None:
    assert set(atom_names()) >= PROMISED


@pytest.mark.parametrize("name", atom_names())
def test_an_atom_declares_its_attributes_and_shows_an_example(name: str) -> None:
    folder = ATOMS / name.replace("-", "_")
    assert "<c-vars" in (folder / "index.html").read_text()
    assert f"<c-{name}" in (folder / "example.html").read_text()


@pytest.mark.parametrize("name", atom_names())
def test_an_atom_uses_only_what_it_declares(name: str) -> None:
    source = (ATOMS / name.replace("-", "_") / "index.html").read_text()
    declared = set(re.findall(r":?([a-z_]+)(?:=|\s)", source.split("<c-vars", 1)[1].split("/>", 1)[0] + " "))
    tags = " ".join(re.findall(r"\{% .*?%\}", source))
    named = {
        *re.findall(r"([a-z_]+)=", tags),
        *re.findall(r"[a-z_]+", " ".join(re.findall(r"for ([a-z_, ]+) in", tags))),
    }
    named |= set(re.findall(r" as(?:var)? ([a-z_]+)", tags))
    used = set(re.findall(r"\{\{\s*([a-z_]+)", source))
    assert not used - declared - named - {"slot", "attrs", "forloop", "links"}


def test_the_gallery_shows_every_atom(client: Client) -> None:
    page = client.get("/gallery/").content.decode()
    assert set(re.findall(r'data-atom="([a-z-]+)"', page)) == set(atom_names())
    assert "<c-" not in page


@pytest.mark.parametrize("frame", FRAMES)
def test_each_frame_is_served(client: Client, frame: str) -> None:
    page = client.get(f"/gallery/{frame}/")
    assert page.status_code == 200
    assert 'id="main"' in page.content.decode()


def test_an_unknown_frame_is_not_found(client: Client) -> None:
    assert client.get("/gallery/attic/").status_code == 404


def test_no_page_has_inline_script_or_style(client: Client) -> None:
    for address in ("/gallery/", *(f"/gallery/{frame}/" for frame in FRAMES)):
        page = client.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", page), address


def test_ids_on_the_gallery_are_unique(client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/gallery/").content.decode())
    fields = {f"id_{name}" for name in ReferralForm.base_fields}  # two forms of one kind stand on the page on purpose
    once = [name for name in ids if not any(name.startswith(field) for field in fields)]
    assert len(once) == len(set(once))


def test_what_an_atom_passes_on_is_escaped() -> None:
    page = drawn('<c-button :data-name="name">{{ name }}</c-button>', name='"><script>')
    assert "<script>" not in page


def test_a_button_with_an_address_is_a_link() -> None:
    assert '<a class="button primary" href="/x/"' in drawn('<c-button href="/x/" kind="primary">Go</c-button>')
    assert 'type="submit" name="step" value="2"' in drawn('<c-button name="step" value="2">Go</c-button>')


class Wrong(forms.Form):
    answer = forms.CharField(help_text="In your own words.")
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, help_text="One of them.")
    day = forms.DateField(initial=None)


def test_a_field_ties_its_help_and_its_error_to_its_control() -> None:
    page = drawn("<c-form :form='form' submit='Keep' />", form=Wrong({}))
    assert 'aria-describedby="id_answer_helptext id_answer_error"' in page
    assert 'id="id_answer_helptext"' in page
    assert 'id="id_answer_error"' in page
    assert '<fieldset aria-describedby="id_way_helptext id_way_error">' in page
    assert page.count('type="date"') == 1
    assert 'href="#id_answer"' in page


def test_a_date_is_written_as_the_browser_reads_it() -> None:
    assert 'value="2025-09-04"' in drawn("<c-field :field='form.day' />", form=Wrong({"day": "2025-09-04"}))


def test_a_scale_in_one_tap_is_eleven_buttons() -> None:
    page = drawn('<c-scale name="now" legend="How are you?" once />')
    assert page.count('type="submit"') == 11
    assert drawn('<c-scale name="now" :value="0" />').count("checked") == 1


def test_a_number_card_says_when_it_is_not_verified(client: Client) -> None:
    page = client.get("/gallery/").content.decode()
    assert page.count("Not yet verified") == 1
    assert page.count("popovertarget=") == 2 * page.count('class="number-card"')


@pytest.mark.parametrize(
    ("name", "letters"), [("Mara Okonjo", "MO"), ("Amina B.", "AB"), ("Li", "L"), ("", ""), ("Anne-Marie Roth", "AR")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_unknown_is_a_dash_and_minus_is_a_minus() -> None:
    assert [shown(value) for value in (None, 0, -6.4, 9.0, "few")] == ["–", "0", "−6.4", "9", "few"]


def test_inputs_of_a_card_come_as_pairs() -> None:
    assert pairs({"first": 16}) == [("first", 16)]
    assert pairs((("first", 16), "last")) == [("first", 16), ("", "last")]
    assert pairs("nine answers") == [("", "nine answers")]


def test_icons_are_inlined_and_an_unknown_one_is_an_error() -> None:
    assert 'aria-hidden="true"' in icon("lock")
    assert 'role="img" aria-label="Private"' in icon("lock", "Private")
    with pytest.raises(UnknownIcon):
        icon("no-such-drawing")


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_each_refusal_offers_help(status: int) -> None:
    page = engines["django"].get_template(f"components/{status}.html").render({})
    assert "/help-now/" in page
    assert "<h1>" in page


def test_modules_keep_nothing_in_the_browser() -> None:
    for module in (Path(ATOMS).parents[1] / "static" / "components" / "js").glob("*.js"):
        source = module.read_text()
        assert not re.search(r"localStorage|sessionStorage|indexedDB|innerHTML|eval\(", source), module.name


def test_a_share_reads_as_a_percentage_and_a_code_as_words() -> None:
    share, points = SimpleNamespace(value=0.972, unit="share"), SimpleNamespace(value=9.0, unit="points")
    assert (shown_value(share), shown_unit(share)) == ("97 %", "")
    assert (shown_value(points), shown_unit(points)) == ("9", "points")
    assert shown_value(SimpleNamespace(value=None, unit="share")) == "–"
    assert plain_code("own_account") == "own account"
