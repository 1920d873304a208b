"""Invented people and numbers for the gallery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from rapport.web.components.charts import (
    Chart,
    Curve,
    CurveChart,
    FlowBar,
    FlowChart,
    SeriesChart,
    SeriesPoint,
    Span,
    SpanChart,
)
from rapport.web.components.trend import TrendPicture, TrendPoint


class ReferralForm(forms.Form):
    """One field of every kind an atom has to dress."""

    name = forms.CharField(label="Name", max_length=80)
    born = forms.DateField(label="Date of birth", required=False)
    asked = forms.DateTimeField(label="When they asked", required=False)
    ring_after = forms.TimeField(label="Ring after", required=False)
    source = forms.ChoiceField(
        label="Who referred", choices=[("", "Choose"), ("self", "The person"), ("gp", "Their doctor")]
    )
    reason = forms.CharField(
        label="Reason, in their own words",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As said, not as diagnosed.",
    )
    channel = forms.ChoiceField(
        label="Safest way to reach them",
        choices=[
            ("sms", "Text message"),
            ("mail", "E-mail"),
            ("post", "Letter, neutral sender"),
            ("none", "Never contact first"),
        ],
        widget=forms.RadioSelect,
        help_text="Nothing is ever sent outside this.",
    )
    domains = forms.MultipleChoiceField(
        label="What it touches",
        choices=[
            ("b", "What I do"),
            ("r", "The people in my life"),
            ("g", "Who I want to be"),
            ("t", "What happened to me"),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    impact = forms.IntegerField(label="How much it gets in the way, 0 to 10", min_value=0, max_value=10)
    letter = forms.FileField(label="Letter", required=False)
    voicemail = forms.BooleanField(
        label="A voicemail may be left", required=False, help_text="Without saying who we are."
    )


@dataclass(frozen=True, slots=True)
class Card:
    """Shaped like a number card of the ground floor."""

    name: str
    value: float | None
    unit: str
    formula: str
    version: str
    inputs: tuple[tuple[str, float | None], ...]
    n: int | None
    missing: int
    interval: tuple[float, float] | None
    source: str
    evidence: str
    not_meaning: str
    verified: bool


def everything() -> dict[str, Any]:
    return {
        "form": ReferralForm(initial={"name": "Ruth A.", "channel": "post", "voicemail": True}),
        "wrong_form": ReferralForm({"name": "Tom E.", "impact": "14", "reason": "I cannot sleep since the move."}),
        "contacts": [
            {"name": "Emergency services", "number": "112", "hours": "day and night", "note": "Danger to life."},
            {"name": "Text line", "number": "Text HELP to 12345", "hours": "day and night", "note": ""},
        ],
        "plan_steps": [
            {"title": "How I notice that it gets hard", "entries": [{"text": "I stop answering my sister"}]},
            {"title": "People I can ask", "entries": [{"text": "Ida", "phone": "020 7946 0123"}]},
            {"title": "How I make it safer around me", "entries": []},
        ],
        "charts": charts(),
        "picture": low_mood(),
        "short_picture": TrendPicture(
            "Well-being, WHO-5", [TrendPoint(1, "4 Sep", 28)], 0, 100, "higher", sentence="One answer so far."
        ),
        "empty_picture": TrendPicture("Anxiety, GAD-7", [], 0, 21, "lower"),
        "card": _card("Low mood, PHQ-9", 9, "points", "sum of nine answers", "phq9/1", True, missing=0),
        "unverified_card": _card(
            "Typical change", -6.4, "points", "mean of last − first", "change/1", False, missing=2
        ),
        "unknown_card": _card(
            "Reliable change", None, "", "not worked out: one answer only", "change/1", True, missing=0
        ),
    }


def low_mood() -> TrendPicture:
    scores = [17, 18, 16, 17, 14, 13, None, 11, 9, 9]
    return TrendPicture(
        title="Low mood, PHQ-9",
        points=[TrendPoint(n, str(n), score) for n, score in enumerate(scores, start=1)],
        low=0,
        high=27,
        direction="lower",
        bands=[
            (0, 4, "minimal"),
            (5, 9, "mild"),
            (10, 14, "moderate"),
            (15, 19, "moderately severe"),
            (20, 27, "severe"),
        ],
        cut=(9.5, "usual cut-off"),
        reliable=(11, "reliably better than the start"),
        expected=[(n, max(0.0, 15 - 4.2 * n**0.4), 23.5 - 3.8 * n**0.4) for n in range(1, 17)],
        events=[(3, "moved house"), (4, "new medicine"), (9, "back to work, two days a week")],
        sentence="Fallen from 17 to 9. More than measurement error explains, and now below the usual cut-off.",
    )


def _card(
    name: str, value: float | None, unit: str, formula: str, version: str, verified: bool, *, missing: int
) -> Card:
    return Card(
        name=name,
        value=value,
        unit=unit,
        formula=formula,
        version=version,
        inputs=(("interest", 1), ("mood", 2), ("sleep", 2), ("energy", 1), ("the other five", 3)),
        n=9,
        missing=missing,
        interval=(6.1, 11.9),
        source="An invented study, for the gallery",
        evidence="B",
        not_meaning="that somebody is or is not ill. It says how often nine things were felt in two weeks.",
        verified=verified,
    )


def charts() -> list[Chart]:
    """One of each kind, with what may be missing in it."""
    ticks = [(place / 4, f"{place * 25} %") for place in range(5)]
    return [
        FlowChart(
            "The way of those referred",
            [
                FlowBar("Referred", 120, "120", "12 still wait, 4 ended before they started"),
                FlowBar("Started", 104, "104 · 87 %", "31 are still in treatment"),
                FlowBar("Finished a course", 73, "73 · 70 %"),
                FlowBar("With two scores", None, "not shown"),
            ],
        ),
        SpanChart(
            "Shares",
            [
                Span("improved reliably", "59 %", 0.59, (0.47, 0.7), 0.67, "of 73 · England 67 %"),
                Span("became reliably worse", "too few to show", None),
            ],
            ticks,
        ),
        SeriesChart(
            "Improved reliably, by quarter",
            [
                SeriesPoint("Q1", "50 %", 0.5, (0.3, 0.7)),
                SeriesPoint("Q2", "too few"),
                SeriesPoint("Q3", "62 %", 0.62, (0.45, 0.77)),
                SeriesPoint("Q4", "58 %", 0.58, (0.42, 0.72)),
            ],
        ),
        CurveChart(
            "When people leave",
            [
                Curve("ended without a plan", [(1, 0.08, 0.04, 0.14), (4, 0.17, 0.1, 0.25), (11, 0.22, 0.14, 0.31)]),
                Curve("ended as planned", [(6, 0.1, 0.05, 0.17), (12, 0.38, 0.28, 0.48), (20, 0.6, 0.48, 0.7)]),
            ],
            "sessions",
        ),
    ]
