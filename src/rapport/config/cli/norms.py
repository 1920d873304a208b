"""Norms typed at a console: `--norm low=0 --norm high=52 …`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms

NUMBERS = ("low", "high", "reliability", "functional_mean", "functional_sd", "clinical_mean", "clinical_sd", "cut")
NORMS = (*NUMBERS, "direction", "source")
norm_option = click.option(
    "--norm", "norms", multiple=True, metavar="WHAT=VALUE",
    help="For a new measure: low and high (the ends of its scale), direction (lower or higher is better), reliability, "
    "functional_mean and functional_sd (people without the problem), clinical_mean and clinical_sd, cut, source.",
)  # fmt: skip


def pairs(given: tuple[str, ...], allowed: tuple[str, ...], option: str) -> dict[str, str]:
    """Options of the form WHAT=VALUE, each once."""
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or name not in allowed or name in found:
            raise click.UsageError(f"{option} {each}: write it once each as WHAT=VALUE, one of {', '.join(allowed)}.")
        found[name] = value
    return found


def new_measure(title: str, given: dict[str, str]) -> CustomMeasure:
    """A measure from the norms that were typed."""
    try:
        numbers: dict[str, Any] = {name: float(given[name]) for name in NUMBERS if name in given}
        low, high = numbers.pop("low"), numbers.pop("high")
        direction = Direction(given["direction"])
    except KeyError as missing:
        raise click.UsageError(f"A new measure needs --norm {missing.args[0]}=…") from None
    except ValueError:
        raise click.UsageError("Norms are numbers such as 0.80; the direction is lower or higher.") from None
    try:
        norms = replace(Norms(low, high, direction, source=given.get("source", "")), **numbers)
        return CustomMeasure(title, title, norms)
    except ClinicalError as error:
        raise click.UsageError(f"--norm {error.field}: {error.message} {error.remedy}") from None
