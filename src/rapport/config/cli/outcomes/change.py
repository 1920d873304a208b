"""`rapport outcomes change`: who changed beyond error, and who reached the healthy range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click
import numpy as np

from rapport.clinical.exchange.courses import CourseRows, DateOrder
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Norms
from rapport.clinical.outcomes.caseload import CaseloadReading, caseload_norms, read_caseload
from rapport.clinical.outcomes.course import DatedScore
from rapport.clinical.outcomes.cut_offs import (
    ChangeClass,
    CutOffKind,
    choose_cut,
    classify,
    count_classes,
    true_score_cut,
    true_score_test,
)
from rapport.clinical.outcomes.reliable_change import (
    Method,
    NotDefined,
    Reference,
    change_index,
    critical_value,
    reference_of,
)
from rapport.clinical.outcomes.yardstick import Basis, Measure, norms_of
from rapport.clinical.statistics.effect_sizes import g_pre, g_pre_interval, pre_post
from rapport.config.cli.norms import norm_option
from rapport.config.cli.outcomes.reading import (
    AFTER,
    BEFORE,
    WEEK_0,
    Layout,
    complain,
    measure_of,
    read,
    refusing,
    table_of,
)
from rapport.config.cli.outcomes.showing import as_csv, as_json, as_table, between, heading, number

SHOWN = 40
COLUMNS = ("client", "scores", "first", "last", "change", "index", "class", "began_healthy")
BASES = {
    Basis.NHS: "NHS Talking Therapies (whole points, the threshold itself counts)",
    Basis.JACOBSON_TRUAX: "Jacobson & Truax 1991 (more than the threshold)",
    Basis.NONE: "none: nothing tells change from error",
}


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One line of the result."""

    client: str
    scores: int
    first: float | None
    last: float | None
    change: float | None
    index: float | None
    outcome: ChangeClass
    began_healthy: bool | None

    @property
    def cells(self) -> tuple[str | int | float | None, ...]:
        healthy = {True: "yes", False: "no", None: ""}[self.began_healthy]
        return (
            self.client, self.scores, self.first, self.last, self.change, self.index, self.outcome.value, healthy,
        )  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--measure", required=True, metavar="NAME", help="phq9, gad7 …; any other name needs --norm.")
@click.option("--client", metavar="COLUMN", help="The column of clients. Default: client or id, if there.")
@click.option("--score", metavar="COLUMN", help="The column of scores. Default: the measure's name.")
@click.option("--date", "day", metavar="COLUMN", help="The column of dates.")
@click.option("--week", metavar="COLUMN", help="Instead of dates: the column of weeks or sessions, counted from 0.")
@click.option("--pre", metavar="COLUMN", help="Instead of one row per occasion: the column of scores before …")
@click.option("--post", metavar="COLUMN", help="… and after.")
@click.option("--dates", type=click.Choice([str(order) for order in DateOrder]), default="iso", show_default=True)
@click.option(
    "--method", type=click.Choice([str(one) for one in Method]),
    help="The index of reliable change. Default: the NHS's rule for PHQ-9 and GAD-7, else JT (Jacobson & Truax).",
)  # fmt: skip
@norm_option
@click.option("--json", "to_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "to_csv", is_flag=True, help="One line per client as CSV.")
def change(
    file: Path,
    measure: str,
    client: str | None,
    score: str | None,
    day: str | None,
    week: str | None,
    pre: str | None,
    post: str | None,
    dates: str,
    method: str | None,
    norms: tuple[str, ...],
    to_json: bool,
    to_csv: bool,
) -> None:
    """Read each client's course in FILE from the first to the last score.

    \b
      rapport outcomes change scores.csv --measure phq9 --client id --week week
      rapport outcomes change couples.csv --measure DAS --pre pre --post post --norm low=0 --norm high=151 \\
        --norm direction=higher --norm reliability=0.80 --norm functional_mean=114 --norm functional_sd=14
    """
    chosen, table = measure_of(measure, norms), table_of(file)
    who = client or next((one for one in ("client", "id") if table.place(one) is not None), "")
    layout = _layout(who, score or measure, day, week, pre, post, DateOrder(dates), measure)
    courses = read(table, layout, {measure: chosen})
    scored = [_dated(course, wide=bool(layout.pre)) for course in courses]
    if not any(sum(one.value is not None for one in course) > 1 for course in scored):
        complain("No client has two scores, so nothing changed. Check which columns were named.")
    try:
        reading = read_caseload(scored, chosen)
        people = _people(courses, reading, chosen, scored, None if method is None else Method(method))
    except ClinicalError as refused:
        refusing(refused)
    if to_json:
        click.echo(as_json(_whole(people, reading, measure, method)))
    elif to_csv:
        as_csv(COLUMNS, [one.cells for one in people])
    else:
        _show(people, reading, method)


def _layout(
    who: str,
    score: str,
    day: str | None,
    week: str | None,
    pre: str | None,
    post: str | None,
    order: DateOrder,
    measure: str,
) -> Layout:
    if bool(pre) != bool(post):
        raise click.UsageError("--pre and --post go together: the columns of scores before and after.")
    if pre and post:
        return Layout(client=who, pre=pre, post=post)
    if not day and not week:
        raise click.UsageError("Say when each score was given: --date COLUMN, --week COLUMN, or --pre and --post.")
    if not who:
        raise click.UsageError("Say whose each score is: --client COLUMN.")
    return Layout(client=who, scores=((score, measure),), day=day or "", week="" if day else week or "", order=order)


def _dated(course: CourseRows, *, wide: bool) -> list[DatedScore]:
    if not wide:
        return [DatedScore(one.on, one.value) for one in course.scores]
    by_end = {one.measure: one.value for one in course.scores}
    days = {BEFORE: WEEK_0, AFTER: WEEK_0 + timedelta(days=1)}
    return [DatedScore(on, by_end.get(end)) for end, on in days.items()]


def _people(
    courses: Sequence[CourseRows],
    reading: CaseloadReading,
    measure: Measure,
    scored: Sequence[Sequence[DatedScore]],
    method: Method | None,
) -> tuple[PersonChange, ...]:
    """Everybody's line; another method replaces index and class."""
    lines = []
    for course, one in zip(courses, reading.readings, strict=True):
        first, last = (None if end is None else end.value for end in (one.first, one.last))
        index = None
        if one.change is not None and one.rule.basis is Basis.JACOBSON_TRUAX and one.rule.least_change:
            index = one.change / one.rule.least_change * critical_value()
        lines.append(
            PersonChange(course.client, one.n, first, last, one.change, index, one.counted_as, one.began_healthy)
        )
    if method is None:
        return tuple(lines)
    paired = [place for place, line in enumerate(lines) if line.change is not None]
    norms = caseload_norms(scored, measure)[0] or norms_of(measure)
    pre, post = (np.array([getattr(lines[place], end) for place in paired], float) for end in ("first", "last"))
    index_, classes = _by_method(pre, post, norms, method)
    for place, value, outcome in zip(paired, index_, classes, strict=True):
        lines[place] = replace(lines[place], index=value, outcome=outcome)
    return tuple(lines)


def _by_method(
    pre: np.ndarray[tuple[int], np.dtype[np.float64]],
    post: np.ndarray[tuple[int], np.dtype[np.float64]],
    norms: Norms,
    method: Method,
) -> tuple[list[float], tuple[ChangeClass, ...]]:
    """Index and class by one published method; what norms do not give, the sample does."""
    if norms.reliability is None:
        raise NotDefined("reliability", "Reliable change needs a reliability.", "Give --norm reliability=…")
    known = norms.clinical_sd is not None and norms.clinical_mean is not None
    if known and method not in (Method.HSU_LINN_LORD, Method.HAGEMAN_ARRINDELL):
        reference = Reference(norms.reliability, norms.clinical_sd or 0.0, norms.clinical_mean, norms.reliability)
    elif pre.size < 2:
        raise NotDefined("mean", "One person is no sample.", "Give clinical norms, or more people.")
    else:
        sample = reference_of(pre, post, norms.reliability, norms.reliability)
        mean = sample.mean if norms.clinical_mean is None else norms.clinical_mean
        sd = sample.sd if norms.clinical_sd is None else norms.clinical_sd
        reference = replace(sample, sd=sd, mean=mean)
    cut = choose_cut(replace(norms, clinical_mean=reference.mean, clinical_sd=reference.sd))
    if cut is None:
        raise NotDefined("cut", "These norms give no cut-off on the scale.", "Give --norm cut=…")
    index = change_index(pre, post, reference, method)
    crossed = None
    if method is Method.HAGEMAN_ARRINDELL:
        crossed = _crossed(post, reference, norms, cut[0])
    classes = classify(
        pre, post, index, cut=cut[1], critical=critical_value(method), direction=norms.direction, crossed=crossed
    )
    return index.tolist(), classes


def _crossed(
    post: np.ndarray[tuple[int], np.dtype[np.float64]], reference: Reference, norms: Norms, kind: CutOffKind
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Hageman & Arrindell's own test of having crossed the cut-off of true scores."""
    if norms.functional_mean is None or norms.functional_sd is None:
        raise NotDefined("functional_mean", "Hageman & Arrindell need people outside treatment.", "Give --norm …")
    if kind is CutOffKind.GIVEN:
        kind = CutOffKind.C
    cut = true_score_cut(reference, norms.functional_mean, norms.functional_sd, kind, norms.direction)
    test = true_score_test(post, cut, reference)
    return np.asarray(norms.direction.sign * test > critical_value(Method.HAGEMAN_ARRINDELL))


def _group(people: Sequence[PersonChange], reading: CaseloadReading) -> tuple[float, tuple[float, float]] | None:
    """g before to after, where enough people have both."""
    both = [(a, b) for one in people if (a := one.first) is not None and (b := one.last) is not None and one.scores > 1]
    try:
        group = pre_post([a for a, _ in both], [b for _, b in both], reading.rule.direction.sign)
        return g_pre(group), g_pre_interval(group)
    except ClinicalError:
        return None


def _whole(
    people: Sequence[PersonChange], reading: CaseloadReading, measure: str, method: str | None
) -> dict[str, object]:
    rule, effect = reading.rule, _group(people, reading)
    return {
        "measure": measure,
        "rule": {
            "basis": rule.basis, "method": method, "cut": rule.cut, "cut_kind": rule.cut_kind,
            "least_change": rule.least_change, "own_sample": reading.own_sample, "source": rule.source,
            "verified": rule.verified, "reason": rule.reason,
        },
        "counts": {str(one): count for one, count in count_classes([each.outcome for each in people]).items()},
        "n": len(people),
        "began_healthy": reading.began_healthy,
        "effect_g": None if effect is None else {"value": effect[0], "low": effect[1][0], "high": effect[1][1]},
        "clients": [dict(zip(COLUMNS, one.cells, strict=True)) for one in people],
    }  # fmt: skip


def _show(people: Sequence[PersonChange], reading: CaseloadReading, method: str | None) -> None:
    rule = reading.rule
    click.echo(as_table([one.replace("_", " ") for one in COLUMNS], [one.cells for one in people[:SHOWN]]))
    if len(people) > SHOWN:
        click.echo(f"… and {len(people) - SHOWN:,} more: --csv gives them all.")
    heading("Together")
    counts = count_classes([one.outcome for one in people])
    rows = [(str(one).replace("_", " "), count, f"{100 * count / len(people):.0f} %") for one, count in counts.items()]
    click.echo(as_table(("class", "clients", "share"), rows))
    heading("Read by")
    click.echo(f"Rule: {method or BASES[rule.basis]}.")
    if rule.cut is not None:
        click.echo(f"Cut-off: {number(rule.cut)}. A change counts from {number(rule.least_change)} points.")
    if rule.reason:
        click.echo(f"Missing: {rule.reason.removeprefix('no_').replace('_', ' ')}.")
    if reading.own_sample:
        click.echo("The spread before treatment is that of these clients.")
    if not rule.verified:
        click.echo("These norms were not yet checked against their source.")
    effect = _group(people, reading)
    if effect is not None:
        click.echo(f"g before to after: {number(effect[0])} {between(effect[1])}. Change, not what brought it about.")
    if reading.began_healthy:
        click.echo(f"{reading.began_healthy} of {len(people)} began in the healthy range: nothing could recover there.")
