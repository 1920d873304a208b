"""Where everything stands in a trend picture of a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapport.web.components.trend.events import event_lanes
from rapport.web.components.trend.frame import LINE, Frame, Label, Leader, Sample, frame_for, scale_ticks
from rapport.web.components.trend.names import below, beside, named_levels
from rapport.web.components.trend.picture import TrendPicture, shown
from rapport.web.components.trend.scores import occasions, value_labels


@dataclass(frozen=True, slots=True)
class Layout:
    frame: Frame
    ticks: Sequence[float]
    labels: Sequence[Label]
    leaders: Sequence[Leader]
    samples: Sequence[Sample]
    events: Sequence[tuple[float, float]]  # t, y where its line begins


def lay_out(picture: TrendPicture, width: float, *, wide: bool) -> Layout:
    """Place every label for the narrowest width this variant is shown at."""
    named = list(named_levels(picture))
    frame = frame_for(picture, wide=wide, gutter=bool(named))
    across = width - frame.left - frame.right
    lanes, event_labels, events = event_lanes(picture, frame, across)
    frame = replace(frame, top=frame.top + lanes * LINE, height=frame.height + lanes * LINE)
    event_labels = [replace(label, y=label.y + lanes * LINE) for label in event_labels]
    events = [(t, y + lanes * LINE) for t, y in events]
    ticks = scale_ticks(frame.low, frame.high, 7)
    axis = [Label(shown(tick), "axis", frame.y(tick) + 4, dx=frame.left - 8, anchor="end") for tick in ticks]
    occasion_labels = list(occasions(picture, frame, across))
    values = value_labels(picture, frame, across)
    gutter, leaders = beside(named, frame) if wide else ([], [])
    key, samples, depth = ([], [], 0.0) if wide else below(named, frame, width)
    frame = replace(frame, height=frame.height + depth)
    labels = [*axis, *occasion_labels, *values, *event_labels, *gutter, *key]
    return Layout(frame, ticks, labels, leaders, samples, events)
