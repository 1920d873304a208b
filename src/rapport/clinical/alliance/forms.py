"""Licensed alliance forms: their arithmetic without their wording. Whoever holds the permission brings the text.

A reversed item counts ``low + high − answer``. A scale is the mean or the sum of its items; an unanswered item is never
filled in: its scale has no value and says why. There are no bands and no cut-offs, because none of those that are sold
was validated. Sources: Cahill et al. 2012 (ARM-5), Hatcher & Gillaspy 2006 (WAI-SR), Luborsky et al. 1996 (HAq-II).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange


class UnknownForm(ClinicalError):
    """No such form is known here."""

    code = "unknown_form"


@dataclass(frozen=True, slots=True)
class AllianceForm:
    """The skeleton of a form: how many items, which answers, what is reversed, what belongs together."""

    id: str
    title: str
    name: str
    items: int
    low: int
    high: int
    reversed: frozenset[int]
    scoring: str
    scales: Mapping[str, tuple[int, ...]]
    verified: bool
    source: str
    owner: str

    @property
    def numbers(self) -> range:
        return range(1, self.items + 1)

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest total."""
        times = 1 if self.scoring == "mean" else self.items
        return self.low * times, self.high * times


@lru_cache(maxsize=1)
def alliance_forms() -> tuple[AllianceForm, ...]:
    """All forms, by id.

    >>> [form.id for form in alliance_forms()]
    ['arm5', 'haq2', 'wai_sr']
    """
    text = files("rapport.clinical.alliance").joinpath("data/forms.json").read_text("utf-8")
    found = []
    for data in json.loads(text):
        scales = {key: tuple(items) for key, items in data.pop("scales").items()}
        found.append(AllianceForm(**{**data, "reversed": frozenset(data["reversed"])}, scales=scales))
    return tuple(sorted(found, key=lambda form: form.id))


def alliance_form(form_id: str) -> AllianceForm:
    """One form by its id."""
    for form in alliance_forms():
        if form.id == form_id:
            return form
    raise UnknownForm("form", "There is no such form here.", "Choose one of the list.")


def score_form(form: AllianceForm, answers: Mapping[int, int | None]) -> dict[str, NumberCard]:
    """Each scale of a form with its card.

    >>> arm5 = alliance_form("arm5")
    >>> score_form(arm5, {1: 7, 2: 7, 3: 1, 4: 7, 5: 7})["total"].value
    7.0
    >>> wai = score_form(alliance_form("wai_sr"), {number: 4 for number in range(1, 13)})
    >>> wai["total"].value, wai["bond"].value
    (48, 16)
    """
    for number, answer in answers.items():
        _check(form, number, answer)
    return {key: _scale(form, key, items, answers) for key, items in form.scales.items()}


def _check(form: AllianceForm, number: int, answer: int | None) -> None:
    if number not in form.numbers:
        raise OutOfRange(f"item {number}", f"{form.title} has {form.items} items.", "Check the number of the item.")
    if answer is None:
        return
    if isinstance(answer, bool) or not isinstance(answer, int) or not form.low <= answer <= form.high:
        raise OutOfRange(f"item {number}", f"Answers go from {form.low} to {form.high}.", "Check it, or leave it out.")


def _scale(form: AllianceForm, key: str, items: tuple[int, ...], answers: Mapping[int, int | None]) -> NumberCard:
    turned = form.low + form.high
    given = [(number, answer) for number in items if (answer := answers.get(number)) is not None]
    counted = [turned - answer if number in form.reversed else answer for number, answer in given]
    missing = len(items) - len(given)
    total = sum(counted)
    value = None if missing else (total / len(items) if form.scoring == "mean" else total)
    return NumberCard(
        name=f"{form.title} {key}",
        value=value,
        unit="points",
        formula=f"{form.scoring} of {len(items)} items" + (", reversed ones turned" if form.reversed else ""),
        version=f"{form.id}/1",
        n=len(given),
        missing=missing,
        source=form.source,
        evidence="B",
        not_meaning="No line divides a weak from a strong alliance; compare it with this client's own answers before.",
        verified=form.verified,
        reason="items_missing" if missing else "",
    )
