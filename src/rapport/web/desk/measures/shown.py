"""How scores look on the desk: a picture, a card behind each figure, every answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.measures.instrument import Instrument, Item
from rapport.practice.measures.queries import Administered, MeasurePoint, MeasureSeries, ScoreFacts
from rapport.web.components.trend import TrendPicture, TrendPoint

REASONS = {
    "too_many_missing": "more answers are missing than the rule of this form allows",
    "nothing_answered": "nothing was answered",
    "not_finished": "the form was not handed in",
}


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """One measure: its picture, its latest figure with its card, what the figure is said to mean and for whom."""

    title: str
    picture: TrendPicture
    card: NumberCard
    note: str
    band: str


@dataclass(frozen=True, slots=True)
class ShownForm:
    """One answered form, each answer beside its question."""

    id: UUID
    title: str
    when: str
    how: str
    state: str
    rows: tuple[tuple[str, str, str], ...]


def shown_series(series: MeasureSeries, zone: ZoneInfo) -> ShownSeries:
    """A series as the page draws it."""
    last = series.points[-1]
    return ShownSeries(
        title=series.instrument.short_title,
        picture=picture(series, zone),
        card=card(series.instrument, last),
        note=_note(series.instrument, last, zone),
        band=band_words(last),
    )


def picture(series: MeasureSeries, zone: ZoneInfo) -> TrendPicture:
    """The trend with the bands and the cut-off that were published for people of this age."""
    instrument = series.instrument
    first = series.points[0].at
    points = [TrendPoint((one.at - first).days / 7, _day(one, zone), one.value) for one in series.points]
    cut_off = instrument.cut_off_for(series.ages)
    cut = (cut_off.value, _("cut-off")) if cut_off else None
    bands = [(band.low, band.high, band.label) for band in instrument.bands_for(series.ages)]
    return TrendPicture(
        instrument.short_title, points, instrument.low, instrument.high, instrument.direction.value, bands, cut
    )


def band_words(point: MeasurePoint) -> str:
    """The band with the people and the paper it comes from."""
    if point.band is None:
        return ""
    return _("“%(band)s” among %(population)s (%(source)s)") % {
        "band": point.band.label,
        "population": point.band.population,
        "source": point.band.source,
    }


def card(instrument: Instrument, point: MeasurePoint | ScoreFacts) -> NumberCard:
    """What stands behind one total."""
    scored = len(instrument.scored_items)
    formula = f"sum of {scored} answers" if scored else "total as it was entered"
    if instrument.total.multiplier != 1:
        formula += f" × {instrument.total.multiplier:g}"
    if point.prorated:
        formula += ", missing answers replaced by the mean of the others"
    return NumberCard(
        name=instrument.title,
        value=point.value,
        unit="points",
        formula=formula,
        version=f"{instrument.id}/{instrument.version} {point.method}".strip(),
        n=scored - point.n_missing if scored else None,
        missing=point.n_missing,
        source=instrument.source,
        evidence="A" if instrument.validated else "C",
        not_meaning="It is no diagnosis and does not say how great a danger is. It is a reason to talk.",
        verified=instrument.wording_checked,
        reason="" if point.value is not None else REASONS.get(point.reason, point.reason),
    )


def shown_forms(forms: Sequence[Administered], zone: ZoneInfo) -> tuple[ShownForm, ...]:
    """Every form with every answer in words; what was left open says so."""
    return tuple(
        ShownForm(
            id=form.point.administration_id,
            title=form.instrument.short_title,
            when=_day(form.point, zone),
            how=str(form.point.mode.label),
            state="" if form.completed else _("not handed in; what was answered is kept"),
            rows=_rows(form) if form.answers else (),
        )
        for form in forms
    )


def newest_of_each(forms: Sequence[Administered]) -> tuple[list[Administered], list[Administered]]:
    """The newest form of each instrument, and the older ones."""
    newest: dict[str, Administered] = {}
    older = [form for form in forms if newest.setdefault(form.instrument.id, form) is not form]
    return list(newest.values()), older


def _rows(form: Administered) -> tuple[tuple[str, str, str], ...]:
    rows = []
    for item in form.instrument.items:
        value = form.answers.get(item.key)
        label = next((option.label for option in item.options if option.value == value), "")
        if value is None:
            label = _("prefers to tell in person") if item.key in form.answers else _("not answered")
        rows.append((question(item), "" if value is None else str(value), label))
    return tuple(rows)


def question(item: Item) -> str:
    """The words of a question; its number where they are not here."""
    return item.text or _("Question %(key)s") % {"key": item.key}


def _note(instrument: Instrument, point: MeasurePoint, zone: ZoneInfo) -> str:
    said = _("of %(high)g · %(day)s") % {"high": instrument.high, "day": _day(point, zone)}
    missing = point.n_missing
    left_open = ngettext("one answer missing", "%(n)d answers missing", missing) % {"n": missing}
    return f"{said} · {left_open}" if missing else said


def _day(point: MeasurePoint, zone: ZoneInfo) -> str:
    return formats.date_format(point.at.astimezone(zone), "j M Y")
