"""A service report on a terminal and as a CSV of its rates."""

from __future__ import annotations

from collections.abc import Sequence

import click

from rapport.clinical.outcomes.service.parts import Dose, Incidence, Limit, ReportRate, ServiceReport
from rapport.clinical.outcomes.service.words import (
    ASIDES,
    COUNTED,
    CURVES,
    LIMITS,
    MISSING,
    POSITIONS,
    RATES,
    REASONS,
    RULES,
    STEPS,
    WITHOUT_NUMBERS,
)
from rapport.config.cli.outcomes.showing import Cell, as_table, between, heading, number, share

CSV_COLUMNS = ("part", "from", "code", "count", "out_of", "share", "low", "high", "counted", "reason")
CURVE_TIMES = (2, 4, 8, 12, 20)


def csv_rows(found: ServiceReport) -> list[Sequence[Cell]]:
    """Rates of the period and of its trends."""
    rows: list[Sequence[Cell]] = [_row("period", found.period.start.isoformat(), one) for one in found.rates]
    for trend in found.trends:
        rows += [_row(trend.grain.value, point.start.isoformat(), point.rate) for point in trend.points]
    return rows


def _row(part: str, start: str, one: ReportRate) -> Sequence[Cell]:
    low, high = one.interval or (None, None)
    return (part, start, one.code.value, one.count, one.out_of, one.share, low, high, one.counted.value, one.reason)


def reason(code: str) -> str:
    return REASONS.get(code, code.replace("_", " "))


def show(found: ServiceReport, *, conclusion: str) -> None:
    """Everything, in the order in which one would tell it."""
    if found.question:
        click.secho(found.question, bold=True)
    click.echo(f"{found.period.start} to {found.period.end} (not included). {RULES[found.rule]}")
    if found.endings_known:
        _flow(found)
    else:
        click.echo("No file of episodes: each client counts as one course from the first to the last score;")
        click.echo("waiting, open courses and kinds of ending are not known. Endings were not given.")
    heading("Rates")
    for one in found.rates:
        counts = "" if one.count is None or not one.out_of else f"  {number(one.count)} of {number(one.out_of)}"
        said = f"{RATES[one.code]}{counts}  {between(one.interval, percent=True)}"
        click.echo(f"{share(one.share):>8}  {said.rstrip()}{f'  {reason(one.reason)}' if one.reason else ''}")
        click.echo(f"{'':10}{COUNTED[one.counted]}")
    _measures(found)
    _trend(found)
    _curves(found.endings, "sessions")
    _curves(found.improvement, "weeks")
    _dose(found.dose)
    _comparisons(found)
    heading("Limits")
    for limit in found.limits:
        click.echo(f"- {limit_sentence(limit)}")
    if conclusion:
        heading("Conclusion")
        click.echo(conclusion)


def limit_sentence(limit: Limit) -> str:
    """A limit with its numbers, or the sentence without any where they are not published."""
    values = {name: 100 * value if name == "share" else value for name, value in limit.values}
    if not values and limit.code in WITHOUT_NUMBERS:
        return WITHOUT_NUMBERS[limit.code]
    return LIMITS[limit.code] % values


def _flow(found: ServiceReport) -> None:
    heading("From referral to two scores")
    for step in found.flow:
        of = "" if step.of_previous is None else f"  ({share(step.of_previous)})"
        click.echo(f"{number(step.count):>8}  {STEPS[step.step]}{of}")
        for aside, count in step.aside:
            if count != 0:
                click.echo(f"{'':10}{number(count):>6}  {ASIDES[aside]}")


def _measures(found: ServiceReport) -> None:
    for one, missing in zip(found.measures, found.missing, strict=True):
        heading(f"{one.measure}: {number(one.paired)} courses with two scores")
        effect = one.effect
        if effect.g is not None:
            click.echo(f"Mean {number(effect.mean_first)} to {number(effect.mean_last)}; "
                       f"g before to after {number(effect.g)} {between(effect.interval)}.")  # fmt: skip
        click.echo("; ".join(f"{str(name).replace('_', ' ')} {number(count)}" for name, count in one.classes) + ".")
        rows = [
            (MISSING[row.method], number(row.n), number(row.improvement), between(row.interval) or reason(row.reason))
            for row in missing.rows
        ]
        click.echo(as_table(("when end scores are missing", "n", "better by", ""), rows))


def _trend(found: ServiceReport) -> None:
    if not found.trends:
        return
    heading(f"By {found.trends[0].grain.value}")
    columns = ["from", *(RATES[one.code] for one in found.trends), "finished"]
    rows = [
        (points[0].start.isoformat(), *(share(point.rate.share) for point in points), number(points[-1].rate.out_of))
        for points in zip(*(one.points for one in found.trends), strict=True)
    ]
    click.echo(as_table(columns, rows))


def _curves(curves: Sequence[Incidence], unit: str) -> None:
    for curve in curves:
        if not curve.points:
            continue
        last = curve.points[-1].time
        heading(f"{CURVES[curve.curve].capitalize()}, by {unit} ({number(curve.n)} people)")
        for time in (*(one for one in CURVE_TIMES if one < last), last):
            point = [one for one in curve.points if one.time <= time]
            if point:
                ends = point[-1].low, point[-1].high
                click.echo(f"{time:>8}  {share(point[-1].share)} {between(ends, percent=True)}")


def _dose(dose: Dose) -> None:
    if dose.half_by is not None:
        heading("Sessions and recovery")
        click.echo(f"Half had recovered by {number(dose.half_by, 1)} sessions {between(dose.interval)}.")


def _comparisons(found: ServiceReport) -> None:
    if not found.comparisons:
        return
    heading("Beside published figures")
    for one in found.comparisons:
        where = reason(one.reason) if one.position is None else POSITIONS[one.position]
        rate = one.figure != "d_pre"
        figures = [share(each) if rate else number(each) for each in (one.found, one.benchmark.value)]
        checked = "checked against it" if one.benchmark.verified else "not yet checked against it"
        name = one.figure.replace("_", " ") if rate else "change, in SDs before"
        click.echo(f"- {name}: {figures[0]} here, {figures[1]} there: {where}.")
        click.echo(f"  {one.benchmark.population}, as of {one.benchmark.as_of}.")
        click.echo(f"  Source: {one.benchmark.source}; {checked}.")
