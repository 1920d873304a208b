"""How the two work together over time: a sentence first, then the pictures, then the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.clinical.alliance.forms import alliance_forms
from rapport.clinical.alliance.rhythm import is_due, next_asked
from rapport.clinical.alliance.ruptures import RuptureState
from rapport.clinical.alliance.sliders import BEFORE, HIGH, LOW, Slider, usual, worth_asking
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.practice.alliance import queries
from rapport.practice.alliance.choices import QUESTIONS, HourTogether, WordsKind
from rapport.practice.alliance.queries import FormScore
from rapport.practice.episodes.queries import episode
from rapport.web.components.trend.of_course import short_day
from rapport.web.components.trend.picture import TrendPicture, TrendPoint
from rapport.web.desk.alliance import words
from rapport.web.desk.sessions.frame import show
from rapport.web.doors.page import PageRequest, page

COMMENTS_SHOWN = 8


@page("alliance", "read")
def together(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Sliders against the client's own median, what they wrote, speaking freely, ruptures, licensed forms."""
    viewer, at = request.actor, request.at
    facts = episode(viewer=viewer, at=at, episode_id=episode_id)
    hours = queries.hours_together(viewer=viewer, at=at, episode_id=episode_id)
    answered = [hour for hour in hours if hour.answered]
    found = worth_asking([hour.said for hour in answered])
    ruptures = queries.ruptures_of(viewer=viewer, at=at, episode_id=episode_id)
    said = _words(hours)
    return show(
        request,
        "alliance/together.html",
        episode=facts,
        sentence=words.sentence(hours, found),
        reasons=[words.reason(one) for one in found.reasons],
        cards=[(QUESTIONS[card.name.removeprefix("slider_")].name, card) for card in found.cards],
        pictures=[_slider_picture(slider, answered) for slider in Slider if _has(answered, slider)],
        freely=[_picture(part, hours) for part in Freely if _has(hours, part)],
        said=said[:COMMENTS_SHOWN],
        earlier=said[COMMENTS_SHOWN:],
        ruptures=[(one, words.KINDS[one.memo.kind], words.STATES[one.state]) for one in ruptures],
        open_ruptures=sum(one.state is RuptureState.OPEN for one in ruptures),
        latest=hours[-1].session_id if hours else None,
        **_forms(request, episode_id, hours),
    )


def _has(hours: Sequence[HourTogether], question: str) -> bool:
    return any(question in hour.values for hour in hours)


def _picture(question: str, hours: Sequence[HourTogether]) -> TrendPicture:
    shown = [hour for hour in hours if question in hour.values]
    years = {hour.held_at.year for hour in shown}
    points = [
        TrendPoint((hour.held_at - shown[0].held_at).days / 7, short_day(hour.held_at.date(), years), value)
        for hour in shown
        if (value := hour.values.get(question)) is not None
    ]
    return TrendPicture(str(QUESTIONS[question].name), points, LOW, HIGH, "")


def _slider_picture(slider: Slider, hours: Sequence[HourTogether]) -> TrendPicture:
    """The line of one question, and where this client's answers usually lay before the last one."""
    picture = _picture(slider, hours)
    own = usual([hour.said for hour in hours if slider in hour.values][:-1], slider)
    cut = None if own is None else (float(own), _("their own usual"))
    return TrendPicture(picture.title, picture.points, LOW, HIGH, "", cut=cut)


def _words(hours: Sequence[HourTogether]) -> list[dict[str, Any]]:
    """Every word, the newest first."""
    return [
        {"at": hour.held_at, "kind": WordsKind(kind).label, "said": hour.words[kind]}
        for hour in reversed(hours)
        for kind in WordsKind
        if kind in hour.words
    ]


def _forms(request: PageRequest, episode_id: UUID, hours: Sequence[HourTogether]) -> dict[str, Any]:
    """Licensed forms that were answered, and when the house's rhythm suggests the next."""
    scores = queries.form_scores(viewer=request.actor, at=request.at, episode_id=episode_id)
    places = {hour.session_id: number for number, hour in enumerate(hours, 1)}
    last = max((places.get(score.session_id, 0) for score in scores), default=None)
    return {
        "form_pictures": [_form_picture([one for one in scores if one.form == form]) for form in _used(scores)],
        "form_cards": [(one.form.title, one.cards) for one in {score.form.id: score for score in scores}.values()],
        "forms": alliance_forms(),
        "form_due": is_due(len(hours), last),
        "form_next": next_asked(len(hours)),
        "held": len(hours),
        "before": BEFORE,
    }


def _used(scores: Sequence[FormScore]) -> list[Any]:
    used = {score.form.id for score in scores}
    return [form for form in alliance_forms() if form.id in used]


def _form_picture(scores: Sequence[FormScore]) -> TrendPicture:
    form, first = scores[0].form, scores[0].held_at
    years = {score.held_at.year for score in scores}
    points = []
    for score in scores:
        value = score.cards["total"].value
        known = float(value) if isinstance(value, (int, float)) else None
        points.append(TrendPoint((score.held_at - first).days / 7, short_day(score.held_at.date(), years), known))
    return TrendPicture(form.title, points, *form.span, "")
