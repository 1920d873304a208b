"""When it happened: leaving, and reliable improvement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from rapport.clinical.outcomes.service import words as english
from rapport.clinical.outcomes.service.parts import Incidence, RateCode, ServiceReport, Trend
from rapport.web.components.charts import Chart, Curve, CurveChart, SeriesChart, SeriesPoint
from rapport.web.components.document import Section
from rapport.web.doors.results import words

SHOWN_TRENDS = (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_RECOVERY, RateCode.UNPLANNED_ENDING)
FEWEST_POINTS = 2


def trends(found: Sequence[Trend]) -> Section:
    """How the rates run over the period; too few points are no trend."""
    charts: list[Chart] = []
    for one in found:
        known = [point for point in one.points if point.rate.share is not None]
        if one.code in SHOWN_TRENDS and len(known) >= FEWEST_POINTS:
            points = [
                SeriesPoint(words.step_name(point, one.grain), words.value_of(point.rate), point.rate.share,
                            point.rate.interval)
                for point in one.points
            ]  # fmt: skip
            charts.append(SeriesChart(words.rate_name(one.code), points))
    if not charts:
        said = _("No trend is drawn: fewer than two months or quarters have enough finished courses.")
        return Section("trends", _("Over time"), [said], waits=True)
    note = _("Each dot is the courses finished in that month or quarter; a gap is one with too few, * one only partly "
             "in the period. Where the bars overlap, a rise or fall may be chance.")  # fmt: skip
    return Section("trends", _("Over time"), charts=charts, note=note)


def leaving(report: ServiceReport) -> Section:
    """When courses end, planned and not."""
    return _curves("leaving", _("When people leave"), report.endings, _("sessions attended"))


def time(report: ServiceReport) -> Section:
    """Time to reliable improvement, and the number of sessions with its caveat."""
    section = _curves("time", _("How soon change shows"), report.improvement, _("weeks since the first score"))
    said = [*section.paragraphs]
    dose = report.dose
    if dose.half_by is not None and dose.interval is not None:
        said.append(
            _("By the fitted curve, half had recovered by %(half)s sessions (likely %(low)s to %(high)s). People stop "
              "when they are well, so this does not say how many sessions anybody needs.")
            % {"half": f"{dose.half_by:.0f}", "low": f"{dose.interval[0]:.0f}", "high": f"{dose.interval[1]:.0f}"}
        )  # fmt: skip
    waits = section.waits and len(said) == len(section.paragraphs)
    return replace(section, paragraphs=said, waits=waits)


def _curves(key: str, title: str, found: Sequence[Incidence], unit: str) -> Section:
    said = [words.incidence_words(one) for one in found]
    if not found:
        said = [_("Nothing is known by which to tell change from error on this measure, so there is no time to it.")]
    if len({one.reason for one in found}) == 1 and found[0].reason:
        said = said[:1]
    curves = [
        Curve(words.capital(_(english.CURVES[one.curve])),
              [(point.time, point.share, point.low, point.high) for point in one.points])
        for one in found if one.points
    ]  # fmt: skip
    note = _("Of those who started in this period; courses that still run are counted as long as they are known. "
             "Shaded: where the true share likely lies.")  # fmt: skip
    if not curves:
        return Section(key, title, said, waits=True)
    return Section(key, title, said, [CurveChart(title, curves, unit)], note=note)
