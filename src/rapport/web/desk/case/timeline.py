"""Everything of one course on one line: dates and codes of every duty, by kind and by time, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.practice.alliance.queries import happened as of_the_alliance
from rapport.practice.correspondence.queries import happened as of_correspondence
from rapport.practice.endings.queries import happened as of_the_ending
from rapport.practice.episodes.choices import Happened
from rapport.practice.exercises.queries import happened as of_tasks
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.queries import timeline as of_the_course
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.speaking.queries import happened as of_speaking
from rapport.web.desk.case.words import KIND_OF, KINDS, TONES, happened_words, where
from rapport.web.desk.head import case_header
from rapport.web.doors.page import PageRequest, page

PROVIDERS: tuple[Callable[..., tuple[Happened, ...]], ...] = (
    of_the_course,
    of_the_alliance,
    of_speaking,
    of_tasks,
    of_correspondence,
    of_the_ending,
)
LINES = 60  # on one page


class Between(forms.Form):
    """From when until when; either may be left out."""

    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the day, what happened, how often that day, where it stands."""

    when: str
    words: str
    times: int
    kind: Promise
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind to filter by; its link adds it to what is chosen or takes it away."""

    words: Promise
    n: int
    href: str
    chosen: bool


@page("course", "read")
@require_safe
def timeline(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """The time line of a course; process notes are never on it, and memos only their author's."""
    asked = {"viewer": request.actor, "at": request.at, "episode_id": episode_id}
    found = [each for provider in PROVIDERS for each in provider(**asked)]
    zone = practice_zone()
    between = Between(request.GET)
    kinds = [kind for kind in KINDS if kind in request.GET.getlist("kind")]
    in_time = [each for each in found if _within(each.at, between, zone)]
    chosen = [each for each in in_time if not kinds or KIND_OF[each.event] in kinds]
    lines = list(_lines(sorted(chosen, key=lambda each: each.at, reverse=True), episode_id, zone))
    last = max(1, -(-len(lines) // LINES))
    number = min(max(_number(request.GET.get("page", "")), 1), last)
    shown = lines[(number - 1) * LINES : number * LINES]
    days = {name: request.GET[name] for name in ("since", "until") if request.GET.get(name)}
    return render(
        request,
        "desk/case/timeline.html",
        {
            "case": case_header(request, episode_id),
            "choices": list(_choices(in_time, kinds, days)),
            "all_href": f"?{urlencode(days)}",
            "kinds": kinds,
            "between": between,
            "clear_href": f"?{urlencode([('kind', kind) for kind in kinds])}" if days else "",
            "months": [(month, list(group)) for month, group in groupby(shown, key=lambda pair: pair[0])],
            "nothing_at_all": not found,
            "count": len(lines),
            "number": number,
            "last": last,
            "newer": _address(kinds, days, number - 1) if number > 1 else "",
            "older": _address(kinds, days, number + 1) if number < last else "",
        },
    )


def _within(moment: datetime, between: Between, zone: ZoneInfo) -> bool:
    """A day that cannot be read filters nothing; its error stands beside it."""
    between.is_valid()
    since, until = between.cleaned_data.get("since"), between.cleaned_data.get("until")
    day = moment.astimezone(zone).date()
    return (since is None or since <= day) and (until is None or day <= until)


def _lines(found: Sequence[Happened], episode_id: UUID, zone: ZoneInfo) -> Iterator[tuple[str, Line]]:
    """Month and line; what happened several times on one day is one line that says how often."""
    people = staff_names()
    told = [(each, each.at.astimezone(zone).date(), happened_words(each, people)) for each in found]
    for (day, _event, words), group in groupby(told, key=lambda one: (one[1], one[0].event, one[2])):
        same = [each for each, _day, _words in group]
        first = same[0]
        yield (
            date_format(day, "F Y"),
            Line(
                when=_when(first, zone),
                words=words,
                times=len(same),
                kind=KINDS[KIND_OF[first.event]][0],
                tone=TONES.get(first.event, ""),
                href=where(first, episode_id),
            ),
        )


def _when(each: Happened, zone: ZoneInfo) -> str:
    began = date_format(each.at.astimezone(zone).date(), "D j")
    if each.until is None:
        return began
    return f"{began} – {date_format(each.until.astimezone(zone).date(), 'j M')}"


def _choices(found: Sequence[Happened], kinds: Sequence[str], days: dict[str, str]) -> Iterator[Choice]:
    """The kinds of which there is something, and those that are chosen."""
    counted = Counter(KIND_OF[each.event] for each in found)
    for kind, (words, _events) in KINDS.items():
        if counted[kind] or kind in kinds:
            others = [each for each in KINDS if (each in kinds) != (each == kind)]
            yield Choice(words, counted[kind], _address(others, days), kind in kinds)


def _address(kinds: Sequence[str], days: dict[str, str], number: int = 1) -> str:
    page_number = [("page", str(number))] if number > 1 else []
    return f"?{urlencode([*(('kind', kind) for kind in kinds), *days.items(), *page_number])}"


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
