"""The trend picture: nothing hides anything, at any width; nothing breaks on little or odd data."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.web.components.gallery.samples import low_mood
from rapport.web.components.trend import TrendPicture, TrendPoint, fluid, spark, svg_string
from rapport.web.components.trend.drawing import INK, NARROW, WIDE
from rapport.web.components.trend.frame import SIZE, scale_ticks
from rapport.web.components.trend.layout import lay_out
from rapport.web.components.trend.letters import shortened, stacked, width_of, wrapped
from rapport.web.components.trend.spark import HEIGHT

EMPTY = TrendPicture("Anxiety", [], 0, 21)
ONE = TrendPicture("Well-being", [TrendPoint(1, "4 Sep", 28)], 0, 100, "higher")

names = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), min_size=1, max_size=40)
scores = st.one_of(st.none(), st.floats(-5, 40), st.just(float("nan")), st.just(float("inf")))


@st.composite
def pictures(draw: st.DrawFn) -> TrendPicture:
    count = draw(st.integers(0, 40))
    points = [TrendPoint(x, draw(names), draw(scores)) for x in range(1, count + 1)]
    spots = st.floats(0, 45)
    return TrendPicture(
        title=draw(names),
        points=points,
        low=0,
        high=27,
        bands=[(0, 4, "minimal"), (5, 9, "mild"), (10, 14, "moderate"), (15, 27, "severe")],
        cut=draw(st.none() | st.tuples(st.floats(0, 27), names)),
        reliable=draw(st.none() | st.tuples(st.floats(-3, 30), names)),
        expected=draw(st.none() | st.just([(x, 2.0, 20.0 - x / 4) for x in range(1, 17)])),
        events=draw(st.lists(st.tuples(spots, names), max_size=7)),
    )


def assert_nothing_hidden(picture: TrendPicture, least: float, shown_at: float, *, wide: bool) -> None:
    layout = lay_out(picture, least, wide=wide)
    boxes = [(label.words, label.box(layout.frame, shown_at)) for label in layout.labels if label.words.strip()]
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not first.meets(second), (one, other, shown_at)
    assert all(box.left >= -2 and box.right <= shown_at + 2 for _words, box in boxes)


@pytest.mark.parametrize("width", [264, 300, 420, 575])
def test_labels_stay_apart_on_a_phone(width: float) -> None:
    assert_nothing_hidden(low_mood(), NARROW, width, wide=False)


@pytest.mark.parametrize("width", [576, 720, 1000])
def test_labels_stay_apart_on_a_desk(width: float) -> None:
    assert_nothing_hidden(low_mood(), WIDE, width, wide=True)


@given(pictures())
def test_labels_stay_apart_whatever_the_data(picture: TrendPicture) -> None:
    for width in (NARROW, 420):
        assert_nothing_hidden(picture, NARROW, width, wide=False)
    for width in (WIDE, 900):
        assert_nothing_hidden(picture, WIDE, width, wide=True)


@pytest.mark.parametrize("spot", [1, 2, 3, 4, 5])
def test_a_long_name_of_an_occasion_stays_inside_the_picture(spot: int) -> None:
    points = [TrendPoint(spot, "the week after her mother was taken ill", None)]
    picture = TrendPicture("Anxiety", points, 0, 27, events=[(1, "moved"), (5, "new job")])
    for least, shown_at, wide in ((NARROW, NARROW, False), (NARROW, 420, False), (WIDE, WIDE, True), (WIDE, 900, True)):
        assert_nothing_hidden(picture, least, shown_at, wide=wide)


@given(pictures())
def test_every_drawing_is_sound(picture: TrendPicture) -> None:
    for drawing in (
        fluid(picture, "narrow"),
        fluid(picture, "wide"),
        svg_string(picture, 340),
        svg_string(picture, 720, "dark"),
    ):
        root = ElementTree.fromstring(f"<div>{drawing}</div>")  # noqa: S314 -- our own drawing
        assert not re.search(
            r"\b(nan|inf)\b", " ".join(v for e in root.iter() for k, v in e.attrib.items() if k != "class")
        )
    assert "nan" not in spark(picture).split("points=", 1)[1]


def test_letters_are_never_smaller_than_twelve_pixels() -> None:
    assert SIZE >= 12


def test_nothing_answered_and_one_answer_are_drawn() -> None:
    assert EMPTY.last_shown == "–"
    assert "Nothing has been answered yet" in EMPTY.spoken
    assert fluid(ONE, "narrow").count("<circle") == 1
    assert "<polyline" not in fluid(ONE, "narrow")
    assert "<circle" not in spark(EMPTY)


def test_a_missing_answer_breaks_the_line() -> None:
    drawing = fluid(low_mood(), "wide")
    assert drawing.count('class="t-gap"') == 1
    assert drawing.count('class="t-line"') == 2
    assert drawing.count("<circle") == 9


def test_the_picture_is_said_in_words() -> None:
    spoken = low_mood().spoken
    assert "From 17 at 1 to 9 at 10, 9 answers." in spoken
    assert "Scale from 0 to 27. Lower is better." in spoken
    assert "usual cut-off at 9.5" in spoken
    assert 'aria-label="Low mood' in spark(low_mood())


def test_the_table_holds_every_point_and_event() -> None:
    rows = low_mood().rows
    assert len(rows) == 10
    assert rows[6].shown == ""
    assert rows[2].note == "moved house"


def test_every_event_of_the_sample_has_its_name() -> None:
    for wide, width in ((False, NARROW), (True, WIDE)):
        events = [label.words for label in lay_out(low_mood(), width, wide=wide).labels if label.kind == "event"]
        assert len(events) == 3


def test_words_are_escaped() -> None:
    picture = TrendPicture("<b>", [TrendPoint(1, "<i>", 3), TrendPoint(2, "b", 4)], 0, 9, events=[(1, "<script>")])
    for drawing in (fluid(picture, "wide"), svg_string(picture), spark(picture)):
        assert "<script>" not in drawing
        assert "<i>" not in drawing


def test_a_letter_has_fixed_colours_and_no_classes() -> None:
    drawing = svg_string(low_mood(), 640, "light")
    assert "class=" not in drawing
    assert "#1d5b56" in drawing
    assert "%" not in re.sub(r"<(title|text).*?</\1>", "", drawing)


def test_pages_and_letters_draw_the_same_kinds() -> None:
    kinds = set(re.findall(r'class="(t-[a-z]+(?: [a-z]+)?)"', fluid(low_mood(), "wide") + fluid(low_mood(), "narrow")))
    drawings = {"t-scale", "t-plot", "t-names", "t-key"}
    assert kinds - drawings <= set(INK)


def test_ticks_are_round_numbers_inside_the_scale() -> None:
    assert scale_ticks(0, 27, 7) == [0, 5, 10, 15, 20, 25]
    assert scale_ticks(0, 100, 7) == [0, 20, 40, 60, 80, 100]
    assert scale_ticks(0, 10, 7) == [0, 2, 4, 6, 8, 10]


def test_words_are_broken_and_shortened_to_their_room() -> None:
    assert all(width_of(line, 12) <= 90 for line in wrapped("reliably better than the start", 90, 12))
    assert shortened("back to work, two days a week", 80, 12).endswith("…")
    assert shortened("short", 80, 12) == "short"


@given(st.lists(st.floats(0, 200), max_size=9))
def test_stacked_names_neither_overlap_nor_leave(wanted: list[float]) -> None:
    middles = stacked([(y, 20) for y in sorted(wanted)], 0, 200)
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(middles))
    assert all(10 - 1e-6 <= middle <= 190 + 1e-6 for middle in middles)


def test_a_spark_stays_inside_its_box() -> None:
    heights = [float(y) for _x, y in re.findall(r"([\d.]+),([\d.]+)", spark(low_mood()))]
    assert all(0 <= y <= HEIGHT for y in heights)
