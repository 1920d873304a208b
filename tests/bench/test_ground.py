"""The clock of the benches."""

from __future__ import annotations

from bench.ground import in_turns


def test_everything_is_compared_with_its_base_after_one_round_to_warm_up() -> None:
    turns: list[str] = []

    def takes(name: str, seconds: float) -> float:
        turns.append(name)
        return seconds

    works = {"bare": lambda: takes("bare", 0.002), "page": lambda: takes("page", 0.006)}
    bare, page = in_turns(3, "bare", works)
    assert turns == ["bare", "page"] * 4
    assert (bare.ratio, round(page.ratio, 6), page.than) == (1, 3, "bare")
    assert page.middle == 0.006
