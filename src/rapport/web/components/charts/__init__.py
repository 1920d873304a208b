"""Pictures of a whole service: the way of those referred, shares with their intervals, trends, curves over time."""

from rapport.web.components.charts.chart import Chart, on_page, on_paper
from rapport.web.components.charts.curves import Curve, CurveChart
from rapport.web.components.charts.flow import FlowBar, FlowChart
from rapport.web.components.charts.series import SeriesChart, SeriesPoint
from rapport.web.components.charts.spans import Span, SpanChart

__all__ = [
    "Chart",
    "Curve",
    "CurveChart",
    "FlowBar",
    "FlowChart",
    "SeriesChart",
    "SeriesPoint",
    "Span",
    "SpanChart",
    "on_page",
    "on_paper",
]
