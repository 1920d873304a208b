"""The few tags atoms are made of. Pages use the atoms, not these."""

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from django import forms, template
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from rapport.web.components import icons
from rapport.web.components.charts import Chart, on_page
from rapport.web.components.charts.chart import spoken
from rapport.web.components.trend import TrendPicture, fluid
from rapport.web.components.trend import spark as draw_spark
from rapport.web.components.trend.drawing import Variant
from rapport.web.components.trend.picture import shown as shown_number

register = template.Library()
SHARE = "share"

_NATIVE: dict[type, tuple[str, str]] = {
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return icons.icon(str(name), str(label))


@register.simple_tag
def spread(attrs: Mapping[str, Any]) -> SafeString:
    """Attributes an atom did not declare, escaped: cotton writes them raw, and a name may hold a quote."""
    declared: set[str] = getattr(attrs, "_exclude_from_str", set())
    rest = ((key, value) for key, value in attrs.items() if key not in declared and value not in (None, False))
    return format_html_join(
        "", ' {}="{}"', ((key, "" if value is True else conditional_escape(value)) for key, value in rest)
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's widget; dates and times become the browser's own pickers, which speak ISO whatever the language."""
    widget = field.field.widget
    native = _NATIVE.get(type(widget))
    if native and "type" not in widget.attrs:
        widget.input_type, widget.format = native
    return field.as_widget()


@register.filter
def is_tick(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def initials(name: str) -> str:
    """At most two letters: `Mara Okonjo` → `MO`, `Amina B.` → `AB`."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper()


@register.filter
def card_id(card: object, given: str) -> str:
    """The id of a card's sheet: the given one, or a short stable one made from what it shows."""
    return given or f"card-{crc32(repr(card).encode()):08x}"


@register.filter
def pairs(inputs: object) -> list[tuple[object, object]]:
    """Inputs of a number card, whether a mapping, pairs or plain words."""
    if isinstance(inputs, Mapping):
        return list(inputs.items())
    if isinstance(inputs, str):
        return [("", inputs)]
    listed = inputs if isinstance(inputs, Iterable) else ()
    return [(item[0], item[1]) if isinstance(item, (tuple, list)) and len(item) == 2 else ("", item) for item in listed]


@register.filter
def shown(value: object) -> str:
    """A number as people write it; unknown is a dash, never zero."""
    if value is None:
        return "–"
    return shown_number(value) if isinstance(value, (int, float)) else str(value)


@register.filter
def shown_value(card: Any) -> str:
    """A share reads as a percentage: 97 %, never “1 share”."""
    if card.unit == SHARE and card.value is not None:
        return f"{100 * card.value:.0f} %"
    return shown(card.value)


@register.filter
def shown_unit(card: Any) -> str:
    return "" if card.unit == SHARE and card.value is not None else str(card.unit or "")


@register.filter
def plain_code(code: object) -> str:
    """A code of the matrix as one reads it: `own_account` is “own account”."""
    return str(code).replace("_", " ").replace(".", " ")


@register.filter
def evidence_words(grade: object) -> str:
    return {
        "A": gettext("A · checked against published studies"),
        "B": gettext("B · published, but bound to where it was found"),
        "C": gettext("C · a rule of this house, not a checked figure"),
    }.get(str(grade), str(grade))


@register.filter
def dialled(number: object) -> str:
    """What a telephone dials; nothing where the “number” is an instruction with letters."""
    text = str(number)
    return "" if any(letter.isalpha() for letter in text) else "".join(c for c in text if c.isdigit() or c == "+")


@register.simple_tag
def trend_drawing(picture: TrendPicture, variant: Variant) -> SafeString:
    return fluid(picture, variant)


@register.simple_tag
def spark(picture: TrendPicture) -> SafeString:
    return draw_spark(picture)


@register.simple_tag
def chart_drawing(chart: Chart, variant: Variant) -> SafeString:
    return on_page(chart, variant)


@register.simple_tag
def chart_spoken(chart: Chart) -> str:
    return spoken(chart)
