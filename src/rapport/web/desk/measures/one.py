"""How one form looks on the desk: item by item, and which scoring made its scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.kernel.cards import NumberCard
from rapport.practice.measures.queries import AdministrationFacts, ItemFacts, ScoreFacts
from rapport.web.desk.measures.shown import REASONS, card, question

SCALES: dict[str, Promise] = {
    "total": gettext_lazy("Total"),
    "anxiety": gettext_lazy("Anxiety"),
    "depression": gettext_lazy("Depression"),
    "stress": gettext_lazy("Stress"),
    "b_intrusion": gettext_lazy("Intrusions (B)"),
    "c_avoidance": gettext_lazy("Avoidance (C)"),
    "d_cognition_mood": gettext_lazy("Thoughts and mood (D)"),
    "e_arousal": gettext_lazy("Arousal (E)"),
    "ptsd": gettext_lazy("PTSD items"),
    "dso": gettext_lazy("Self-organisation items"),
}
PATTERNS: dict[bool | None, Promise] = {
    True: gettext_lazy("The answers show it."),
    False: gettext_lazy("The answers do not show it."),
    None: gettext_lazy("Not known: answers are missing that could decide it."),
}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One question, its answer, and what it was the last time."""

    question: str
    value: str
    answer: str
    before: str
    moved: str


@dataclass(frozen=True, slots=True)
class ShownScore:
    """One scale, the version that computed it, and when."""

    scale: str
    value: str
    version: str
    computed: str


@dataclass(frozen=True, slots=True)
class ShownAdministration:
    """One form as the page shows it."""

    id: UUID
    title: str
    attribution: str
    when: str
    how: str
    before: str
    is_done: bool
    card: NumberCard | None
    note: str
    scores: tuple[ShownScore, ...]
    earlier: tuple[ShownScore, ...]
    items: tuple[ShownItem, ...]
    patterns: tuple[tuple[str, Promise, str], ...]
    disagreement: str


def shown_administration(facts: AdministrationFacts, zone: ZoneInfo) -> ShownAdministration:
    """A form in words."""
    instrument, total = facts.instrument, facts.total
    return ShownAdministration(
        id=facts.id,
        title=instrument.short_title,
        attribution=instrument.attribution,
        when=_day(facts.taken_at, zone),
        how=str(facts.mode.label),
        before=_day(facts.before_at, zone) if facts.before_at else "",
        is_done=facts.completed_at is not None,
        card=card(instrument, total) if total else None,
        note=_("of %(high)g") % {"high": instrument.high},
        scores=tuple(_score(one, instrument.id, zone) for one in facts.scores if one.scale != "total"),
        earlier=tuple(_score(one, instrument.id, zone) for one in facts.earlier),
        items=tuple(_item(one) for one in facts.items),
        patterns=tuple((one.criterion.label, PATTERNS[one.met], one.criterion.source) for one in facts.patterns),
        disagreement=_disagreement(facts),
    )


def _item(facts: ItemFacts) -> ShownItem:
    labels = {option.value: option.label for option in facts.options}
    before = "" if facts.before is None else _answer(labels.get(facts.before, ""), facts.before)
    said = facts.label or ("" if facts.value is not None else _("prefers to tell in person"))
    return ShownItem(
        question=question(facts.item),
        value="" if facts.value is None else str(facts.value),
        answer=said if facts.said else _("not answered"),
        before=before,
        moved=_moved(facts.change),
    )


def _answer(label: str, value: int) -> str:
    return f"{label} ({value})" if label and label != str(value) else str(value)


def _moved(change: int | None) -> str:
    """A step as a number with its sign; better or worse is for the total to say."""
    if change is None:
        return ""
    return _("same") if change == 0 else f"{change:+d}".replace("-", "−")


def _score(one: ScoreFacts, instrument_id: str, zone: ZoneInfo) -> ShownScore:
    value = REASONS.get(one.reason, one.reason) if one.value is None else f"{one.value:g}"
    version = f"{instrument_id}/{one.version} {one.method}"
    return ShownScore(str(SCALES.get(one.scale, one.scale)), value, version, _day(one.computed_at, zone))


def _disagreement(facts: AdministrationFacts) -> str:
    if not facts.disagrees:
        return ""
    if facts.total is None or facts.total.value is None:
        return _("The file states a total of %(stated)g; its answers are too few for one.") % {"stated": facts.stated}
    numbers = {"stated": facts.stated, "counted": facts.total.value}
    return _("The file states a total of %(stated)g; its answers come to %(counted)g. The answers count.") % numbers


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(moment.astimezone(zone), "j M Y")
