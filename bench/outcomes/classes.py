"""Ten million courses classified, and the same rules as Polars and DuckDB expressions.

Rules: the index of Jacobson & Truax and its class by the strict cut-off c on PHQ-9, and the flags of NHS Talking
Therapies on PHQ-9 and GAD-7. Everybody is handed bytes and uses every core.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from bench.outcomes import peers
from bench.outcomes.measured import Measured, measured, ours
from bench.outcomes.table import Line
from numpy.typing import NDArray

LIMIT_AIM = 1 / 4
Bytes = NDArray[np.int8]


def drawn(courses: int, seed: int = 4) -> tuple[Bytes, Bytes, Bytes, Bytes]:
    """First and last PHQ-9 and GAD-7 of each course."""
    chance = np.random.default_rng(seed)
    found = []
    for high in (27, 21):
        first = chance.integers(0, high + 1, courses, dtype=np.int8)
        last = np.clip(first - chance.integers(-6, 15, courses, dtype=np.int8), 0, high)
        found += [first, last]
    return found[0], found[1], found[2], found[3]


def rule() -> Any:
    """PHQ-9 by Jacobson & Truax instead of the NHS's points."""
    from rapport.clinical.measures.norms import Direction, Norms
    from rapport.clinical.measures.registry import load_instrument
    from rapport.clinical.outcomes.yardstick import yardstick

    norms = Norms(0, 27, Direction.LOWER, 0.84, 17.1, 6.1, 2.91, 3.52)
    return yardstick(load_instrument("phq9"), norms=norms)


def tally(codes: NDArray[np.uint8], flags: NDArray[np.uint8]) -> list[int]:
    """Counts of the classes, then of each flag: what all must agree on."""
    seen, bits = np.bincount(codes, minlength=5)[:5], np.bincount(flags, minlength=256)
    return [int(one) for one in seen] + [int(bits[np.arange(256) & bit > 0].sum()) for bit in (1, 2, 4, 8, 16, 32)]


def limits() -> tuple[float, float, float]:
    """Index per point, least points of a reliable change, cut-off."""
    yardstick = rule()
    return -1.959963984540054 / yardstick.least_change, yardstick.least_change, yardstick.cut


def with_polars(courses: int) -> tuple[Any, Any]:
    """Work, and what turns its result into a tally."""
    import polars as pl

    names = "p1", "p2", "g1", "g2"
    table = pl.DataFrame(dict(zip(names, drawn(courses), strict=True)))
    per_point, least, cut = limits()
    p1, p2, g1, g2 = map(pl.col, names)
    better, calmer = p1 - p2, g1 - g2
    reliable, worse = better >= math.ceil(least), better <= -math.ceil(least)
    code = (
        pl.when(reliable & (p1 > cut) & (p2 < cut)).then(2).when(reliable).then(1)
        .when(worse & (p1 < cut) & (p2 > cut)).then(4).when(worse).then(3).otherwise(0)
    )  # fmt: skip
    start, end = (p1 >= 10) | (g1 >= 8), (p2 >= 10) | (g2 >= 8)
    up, down = (better >= 6) | (calmer >= 4), (better <= -6) | (calmer <= -4)

    def work() -> Any:
        return table.lazy().select(
            code=code.cast(pl.UInt8), index=(p2 - p1).cast(pl.Float32) * pl.lit(per_point, pl.Float32),
            start=start, end=end, recovery=start & ~end, improved=up & ~down, deteriorated=down & ~up,
            reliable_recovery=start & ~end & up & ~down,
        ).collect()  # fmt: skip

    def counts(found: Any) -> list[int]:
        classes = np.bincount(found["code"].to_numpy(), minlength=5)
        flags = "start", "end", "recovery", "improved", "deteriorated", "reliable_recovery"
        return [int(one) for one in classes] + [int(found[name].sum()) for name in flags]

    return work, counts


SQL = """create or replace temp table found as
select case when better >= {least} and p1 > {cut} and p2 < {cut} then 2 when better >= {least} then 1
            when better <= -{least} and p1 < {cut} and p2 > {cut} then 4 when better <= -{least} then 3
            else 0 end::utinyint code,
  ((p2 - p1) * {per_point})::float index,
  s started, e ended, s and not e recovery, up and not down improved, down and not up deteriorated,
  s and not e and up and not down reliable_recovery
from (select *, p1 - p2 better, p1 >= 10 or g1 >= 8 s, p2 >= 10 or g2 >= 8 e,
        p1 - p2 >= 6 or g1 - g2 >= 4 up, p2 - p1 >= 6 or g2 - g1 >= 4 down from courses)"""


def with_duckdb(courses: int) -> tuple[Any, Any]:
    import duckdb

    base = duckdb.connect()
    columns = dict(zip(("p1", "p2", "g1", "g2"), drawn(courses), strict=True))
    base.execute("create table courses as select * from columns")
    del columns
    per_point, least, cut = limits()
    sql = SQL.format(least=math.ceil(least), cut=cut, per_point=per_point)

    def counts(_: Any) -> list[int]:
        flags = "started", "ended", "recovery", "improved", "deteriorated", "reliable_recovery"
        wanted = [f"count(*) filter (code = {code})" for code in range(5)]
        wanted += [f"count(*) filter ({flag})" for flag in flags]
        return list(base.execute(f"select {', '.join(wanted)} from found").fetchone())

    return lambda: base.execute(sql), counts


def lines(*, quick: bool) -> Iterator[Line]:
    courses = 10**6 if quick else 10**7
    own, work = ours("classes", str(courses)), f"classify {courses:,} courses"
    for peer in ("polars", "duckdb"):
        theirs = measured(peers.python(), "-m", "bench.outcomes.peers.tables", peer, "classes", str(courses))
        agree = "counts agree" if theirs.said["tally"] == own.said["tally"] else "COUNTS DIFFER"
        yield Line(work, theirs.said["version"], own, theirs, 1, agree)
    yield Line(work, "a plain NumPy pass over the bytes", own, ours("limit", str(courses)), LIMIT_AIM)


def growing(*, quick: bool) -> Iterator[tuple[str, int, Measured]]:
    """Ours alone, from 10⁴ courses on."""
    for power in range(4, 7 if quick else 8):
        yield "classify courses", 10**power, ours("classes", str(10**power))
