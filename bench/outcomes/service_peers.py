"""The core of the service report in Polars and in DuckDB, as somebody who knows them would write it.

Each is handed the columns already loaded, sorted by episode and day, and told so. Each gives back the same counts; the
bench compares them with ours before it times anything.
"""

from __future__ import annotations

from typing import Any

from bench.outcomes.service import FIRST_DAY, LENGTH

from rapport.clinical.outcomes.service.parts import MissingMethod, RateCode, ServiceReport
from rapport.clinical.outcomes.service.table import NEVER

LAST_DAY = FIRST_DAY + LENGTH
TOTALS = "recovery", "reliable_recovery", "improvement", "deterioration", "unplanned"
MONTH = "date_trunc('month', date '1970-01-01' + finished)"
Numbers = dict[str, Any]
CASE, RELIABLE = {"phq9": 10, "gad7": 8}, {"phq9": 6, "gad7": 4}


def numbers_of(report: ServiceReport) -> Numbers:
    """What all three must agree on."""
    rates = {one.code: one.count for one in report.rates}
    missing = {one.method: one for one in report.missing[0].rows}
    monthly = next(one for one in report.trends if one.code is RateCode.RECOVERY)
    return {
        "flow": [step.count for step in report.flow],
        "recovery": rates[RateCode.RECOVERY],
        "reliable_recovery": rates[RateCode.RELIABLE_RECOVERY],
        "improvement": rates[RateCode.RELIABLE_IMPROVEMENT],
        "deterioration": rates[RateCode.RELIABLE_DETERIORATION],
        "unplanned": rates[RateCode.UNPLANNED_ENDING],
        "months": [point.rate.count for point in monthly.points],
        "classes": [[count for _, count in one.classes] for one in report.measures],
        "means": [round(one.effect.mean_last or 0, 6) for one in report.measures],
        "locf": round(missing[MissingMethod.LAST_CARRIED].improvement or 0, 6),
        "bocf": round(missing[MissingMethod.BASELINE_CARRIED].improvement or 0, 6),
        "completers": missing[MissingMethod.COMPLETERS].n,
        "curve_sizes": [report.endings[0].n, report.improvement[0].n],
        "dose": [point.rate.count for point in report.dose.points],
    }


def load_polars(columns: dict[str, Any]) -> tuple[Any, Any]:
    import polars as pl

    names = ("referred", "started", "finished", "sessions", "ending")
    episodes = pl.DataFrame({name: columns[name] for name in names}).with_row_index("episode")
    scores = pl.DataFrame({name: columns[f"score_{name}"] for name in ("episode", "measure", "day", "value")})
    return (
        episodes.with_columns(pl.col("episode").cast(pl.Int32)).set_sorted("episode"),
        scores.set_sorted("episode"),
    )


def with_polars(loaded: tuple[Any, Any]) -> Numbers:
    import polars as pl

    episodes, scores = loaded
    c, lazy = pl.col, scores.lazy()
    wide = episodes.lazy()
    for place, short in enumerate(("p", "g")):
        ends = lazy.filter(c("measure") == place).set_sorted("episode").group_by("episode").agg(
            c("value").first().alias(f"{short}1"), c("value").last().alias(f"{short}2"),
            c("day").first().alias(f"{short}d1"), c("day").last().alias(f"{short}d2"),
        )  # fmt: skip
        wide = wide.join(ends, on="episode", how="left")
    first = lazy.filter(c("measure") == 0).with_columns(c("value").first().over("episode").alias("start"))
    better = first.filter(c("start") - c("value") >= 6).group_by("episode").agg(c("day").min().alias("better"))
    wide = wide.join(better, on="episode", how="left")
    in_period = (c("finished") >= FIRST_DAY) & (c("finished") < LAST_DAY) & (c("started") != NEVER)
    flags = wide.with_columns(
        started_any=c("started") != NEVER,
        course=(c("finished") != NEVER) & (c("sessions") >= 2),
        ended=in_period,
        finished_in=in_period & (c("sessions") >= 2),
        pp=(c("pd2") > c("pd1")).fill_null(False),
        gp=(c("gd2") > c("gd1")).fill_null(False),
        case1=((c("p1") >= 10) | (c("g1") >= 8)).fill_null(False),
        case2=((c("p2") >= 10) | (c("g2") >= 8)).fill_null(False),
        up=((c("p1") - c("p2") >= 6) | (c("g1") - c("g2") >= 4)).fill_null(False),
        down=((c("p2") - c("p1") >= 6) | (c("g2") - c("g1") >= 4)).fill_null(False),
    ).with_columns(paired=c("pp") & c("gp")).with_columns(
        recovery=c("paired") & c("case1") & ~c("case2"),
        improved=c("paired") & c("up") & ~c("down"),
        worse=c("paired") & c("down") & ~c("up"),
    ).collect()  # fmt: skip
    done = flags.filter(c("finished_in"))
    referred = flags.filter((c("referred") >= FIRST_DAY) & (c("referred") < LAST_DAY))
    flow = referred.select(
        pl.len(), c("started_any").sum(), (c("started_any") & c("course")).sum().alias("c"),
        (c("started_any") & c("course") & c("paired")).sum().alias("d"),
    ).row(0)  # fmt: skip
    totals = done.select(
        c("recovery").sum(), (c("recovery") & c("improved")).sum().alias("rr"), c("improved").sum(),
        c("worse").sum(), (c("ending") == 2).sum().alias("unplanned"),
    ).row(0)  # fmt: skip
    months = done.group_by(c("finished").cast(pl.Date).dt.truncate("1mo").alias("month")).agg(
        c("recovery", "improved", "worse", "paired").sum(), (c("ending") == 2).sum(), pl.len()
    ).sort("month")  # fmt: skip
    classes, means = [], []
    for short, cut, least in (("p", 10, 6), ("g", 8, 4)):
        a, b, pair = c(f"{short}1"), c(f"{short}2"), done.filter(c(f"{short}p"))
        found = pair.select(
            ((a >= cut) & (b < cut) & (a - b >= least)).sum().alias("r"), (a - b >= least).sum().alias("i"),
            (b - a >= least).sum().alias("d"), pl.len().alias("n"), a.cast(pl.Float64).mean().alias("m1"),
            b.cast(pl.Float64).mean().alias("m2"), a.cast(pl.Float64).std().alias("s1"),
            b.cast(pl.Float64).std().alias("s2"), pl.corr(a, b).alias("c"),
        ).row(0, named=True)  # fmt: skip
        classes.append([found["r"], found["i"] - found["r"], found["n"] - found["i"] - found["d"], found["d"]])
        means.append(round(found["m2"], 6))
    carried = []
    for short in ("p", "g"):
        change = (c(f"{short}1") - c(f"{short}2")).cast(pl.Float64)
        complete = (c("ending") == 1) & c(f"{short}p")
        held = pl.when(complete).then(change).otherwise(0.0)
        carried.append(flags.filter(c("ended") & c(f"{short}1").is_not_null()).select(
            change.mean().alias("l"), change.std().alias("ls"), held.mean().alias("b"), held.std().alias("bs"),
            complete.sum().alias("n"), change.filter(complete).mean().alias("cm"),
            change.filter(complete).std().alias("cs"), c(f"{short}1").cast(pl.Float64).std().alias("s"),
        ).row(0, named=True))  # fmt: skip
    began = flags.filter((c("started") >= FIRST_DAY) & (c("started") < LAST_DAY))
    leaving = began.group_by("sessions", "ending").len()
    timed = began.filter(c("pd1").is_not_null()).select(
        cause=pl.when(c("better").is_not_null()).then(1).when(c("finished") != NEVER).then(2).otherwise(0),
        weeks=(
            pl.when(c("better").is_not_null()).then(c("better"))
            .when(c("finished") != NEVER).then(pl.max_horizontal("finished", "pd2")).otherwise(c("pd2")) - c("pd1")
        ) // 7,
    ).group_by("weeks", "cause").len()  # fmt: skip
    below = c("p1").is_not_null() & c("g1").is_not_null() & ~c("case1")
    dose = done.filter(c("paired") & ~below).group_by("sessions").agg(c("recovery").sum(), pl.len()).sort("sessions")
    return {
        "flow": list(flow),
        **dict(zip(TOTALS, totals, strict=True)),
        "months": months["recovery"].to_list(), "classes": classes, "means": means, "locf": round(carried[0]["l"], 6),
        "bocf": round(carried[0]["b"], 6), "completers": carried[0]["n"],
        "curve_sizes": [leaving["len"].sum(), timed["len"].sum()], "dose": dose["recovery"].to_list(),
    }  # fmt: skip


def load_duckdb(columns: dict[str, Any]) -> Any:
    import duckdb

    base = duckdb.connect()
    names = ("referred", "started", "finished", "sessions", "ending")
    episodes = {name: columns[name] for name in names}
    scores = {name: columns[f"score_{name}"] for name in ("episode", "measure", "day", "value")}
    base.execute("create table episodes as select row_number() over () - 1 as episode, * from episodes")
    base.execute("create table scores as select * from scores")
    del episodes, scores
    return base


WIDE = f"""
create or replace temp table wide as
with ends as (
  select episode,
    arg_min(value, day) filter (measure = 0) p1, arg_max(value, day) filter (measure = 0) p2,
    min(day) filter (measure = 0) pd1, max(day) filter (measure = 0) pd2,
    arg_min(value, day) filter (measure = 1) g1, arg_max(value, day) filter (measure = 1) g2,
    min(day) filter (measure = 1) gd1, max(day) filter (measure = 1) gd2
  from scores group by episode),
better as (
  select s.episode, min(day) better from scores s join ends using (episode)
  where measure = 0 and p1 - value >= 6 group by s.episode),
flags as (
  select e.*, n.*  exclude (episode), b.better,
    started <> {NEVER} started_any, finished <> {NEVER} and sessions >= 2 course,
    finished >= {FIRST_DAY} and finished < {LAST_DAY} and started <> {NEVER} ended,
    coalesce(pd2 > pd1, false) pp, coalesce(gd2 > gd1, false) gp,
    coalesce(p1 >= 10 or g1 >= 8, false) case1, coalesce(p2 >= 10 or g2 >= 8, false) case2,
    coalesce(p1 - p2 >= 6 or g1 - g2 >= 4, false) up, coalesce(p2 - p1 >= 6 or g2 - g1 >= 4, false) down
  from episodes e left join ends n using (episode) left join better b using (episode))
select *, pp and gp paired, ended and sessions >= 2 finished_in,
  pp and gp and case1 and not case2 recovery, pp and gp and up and not down improved,
  pp and gp and down and not up worse
from flags"""


def with_duckdb(base: Any) -> Numbers:
    base.execute(WIDE)

    def one(sql: str) -> Any:
        return base.execute(sql).fetchone()

    def column(sql: str) -> list[Any]:
        return [row[0] for row in base.execute(sql).fetchall()]

    def count(*conditions: str) -> str:
        return ", ".join(f"count(*) filter ({each})" for each in conditions)

    done, referred = "from wide where finished_in", f"from wide where referred >= {FIRST_DAY} and referred < {LAST_DAY}"
    began = f"from wide where started >= {FIRST_DAY} and started < {LAST_DAY}"
    steps = count("started_any", "started_any and course", "started_any and course and paired")
    flow = one(f"select count(*), {steps} {referred}")
    wanted = count("recovery", "recovery and improved", "improved", "worse", "ending = 2")
    totals = one(f"select {wanted} {done}")
    months = column(
        f"select count(*) filter (recovery), {count('improved', 'worse', 'paired', 'ending = 2')}, count(*) {done} "
        f"group by {MONTH} order by {MONTH}"
    )
    classes, means, carried = [], [], []
    for short, cut, least in (("p", 10, 6), ("g", 8, 4)):
        a, b = f"{short}1", f"{short}2"
        better, worse = f"{a} - {b} >= {least}", f"{b} - {a} >= {least}"
        counted = count(f"{a} >= {cut} and {b} < {cut} and {better}", better, worse)
        r, i, d, n, *moments = one(
            f"select {counted}, count(*), avg({b}), avg({a}), stddev({a}), stddev({b}), corr({a}, {b}) "
            f"{done} and {short}p"
        )
        classes.append([r, i - r, n - i - d, d])
        means.append(round(moments[0], 6))
        complete = f"ending = 1 and {short}p"
        held = f"case when {complete} then {a} - {b} else 0 end"
        carried.append(one(
            f"select avg({a} - {b}), avg({held}), count(*) filter ({complete}), stddev({a} - {b}), stddev({held}), "
            f"avg({a} - {b}) filter ({complete}), stddev({a} - {b}) filter ({complete}), stddev({a}) "
            f"from wide where ended and {a} is not null"
        ))  # fmt: skip
    leaving = column(f"select count(*) {began} group by sessions, ending")
    until = f"coalesce(better, case when finished <> {NEVER} then greatest(finished, pd2) else pd2 end)"
    cause = f"case when better is not null then 1 when finished <> {NEVER} then 2 else 0 end"
    timed = column(f"select count(*) {began} and pd1 is not null group by ({until} - pd1) // 7, {cause}")
    dose = column(
        f"select count(*) filter (recovery), count(*) {done} and paired and case1 group by sessions order by sessions"
    )
    return {
        "flow": list(flow),
        **dict(zip(TOTALS, totals, strict=True)),
        "months": months, "classes": classes, "means": means, "locf": round(carried[0][0], 6),
        "bocf": round(carried[0][1], 6), "completers": carried[0][2], "curve_sizes": [sum(leaving), sum(timed)],
        "dose": dose,
    }  # fmt: skip
