"""The words of endings, and the draft of the summary letter in the client's language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.clinical.endings.kinds import EndingKind
from rapport.practice.endings.choices import EndingFacts, FinalMeasures, Missing, NegativeEffects, RecordedResult
from rapport.practice.organisation.choices import PracticeFacts
from rapport.practice.outcomes.choices import CourseFacts, MeasureCourse
from rapport.web.components.trend.picture import shown
from rapport.web.desk.outcomes.wording import class_word


def kinds() -> list[tuple[str, str]]:
    """How therapies end."""
    return [
        (EndingKind.PLANNED_MUTUAL, _("Planned together")),
        (EndingKind.PLANNED_LIMIT, _("Planned: the agreed number of sessions is reached")),
        (EndingKind.CLIENT_CHOICE_DISCUSSED, _("The client's choice, talked over")),
        (EndingKind.CLIENT_STOPPED_UNANNOUNCED, _("The client stopped without a word")),
        (EndingKind.THERAPIST_LEFT, _("The therapist leaves")),
        (EndingKind.TRANSFERRED, _("Handed over to a colleague")),
        (EndingKind.STEP_UP, _("More help is needed elsewhere")),
        (EndingKind.DIED, _("The client died")),
        (EndingKind.OTHER, _("Otherwise")),
    ]


def negative_effects() -> list[tuple[str, str]]:
    return [
        (NegativeEffects.NOT_ASKED, _("Not asked yet")),
        (NegativeEffects.YES, _("Asked: yes, something became worse or was hard to bear")),
        (NegativeEffects.NO, _("Asked: no")),
        (NegativeEffects.DECLINED, _("Asked: would rather not say")),
    ]


def final_measures() -> list[tuple[str, str]]:
    return [
        (FinalMeasures.NOT_YET, _("Not yet")),
        (FinalMeasures.ASKED, _("Asked for: answered or declined")),
        (FinalMeasures.NOT_ASKED, _("Not asked for")),
    ]


def missing_words(missing: Missing) -> str:
    """What still stands between the course and its closing."""
    return {
        Missing.ENDING: _("how the therapy ends"),
        Missing.NEGATIVE_EFFECTS: _("whether therapy made anything worse: ask, people rarely tell unasked"),
        Missing.FINAL_MEASURES: _("the last measures, or why not"),
        Missing.RISK_CHECK: _("the last look at safety"),
    }[missing]


def result_words(result: RecordedResult) -> str:
    """The result as it was recorded."""
    if result.outcome is not None:
        return _("Recorded as %(word)s.") % {"word": class_word(result.outcome)}
    if result.reason == "began_healthy":
        return _("Recorded without a class: began in the healthy range.")
    return _("Recorded without a class: not enough scores, or no norms to judge by.")


def draft_letter(course: CourseFacts, ending: EndingFacts, practice: PracticeFacts, therapist: str) -> str:
    """A first draft of the letter from what is in the record; the therapist makes it theirs."""
    parts = [_("Dear %(name)s,") % {"name": course.episode.client_name}, _opening(course, practice.zone)]
    parts += [_measure_words(each) for each in course.measures if each.reading.n > 1]
    parts += [
        _("Your goal “%(words)s” went from %(first)s to %(last)s of 10.")
        % {"words": goal.words, "first": goal.points[0].value, "last": goal.points[-1].value}
        for goal in course.goals
        if len(goal.points) > 1
    ]
    details = ending.details
    if details is not None:
        told = (
            (_("What you said helped: %(words)s"), details.what_helped),
            (_("What we did together: %(words)s"), details.work_done),
            (_("If things get harder again: %(words)s"), details.relapse_plan),
            (_("How to come back: %(words)s"), details.return_route),
        )
        parts += [words % {"words": text} for words, text in told if text]
    parts.append(_help_words(practice))
    parts.append(f"{_('With good wishes')},\n{therapist}\n{practice.name}")
    return "\n\n".join(parts)


def _opening(course: CourseFacts, zone: ZoneInfo) -> str:
    since = date_format((course.episode.began or course.episode.opened_at).astimezone(zone).date(), "F Y")
    if not course.sessions_held:
        return _("We have worked together since %(since)s. This letter is for you to keep.") % {"since": since}
    words = ngettext(
        "We have worked together since %(since)s and met %(n)s time. This letter is for you to keep.",
        "We have worked together since %(since)s and met %(n)s times. This letter is for you to keep.",
        course.sessions_held,
    )
    return words % {"since": since, "n": course.sessions_held}


def _measure_words(each: MeasureCourse) -> str:
    first, last = each.reading.first, each.reading.last
    values = {
        "measure": each.instrument.short_title,
        "first": "–" if first is None or first.value is None else shown(first.value),
        "last": "–" if last is None or last.value is None else shown(last.value),
    }
    if each.instrument.direction == "lower":
        return _("On the questions about how hard things are (%(measure)s; lower is better) you went from %(first)s to "
                 "%(last)s.") % values  # fmt: skip
    return _("On the questions about how well you are (%(measure)s; higher is better) you went from %(first)s to "
             "%(last)s.") % values  # fmt: skip


def _help_words(practice: PracticeFacts) -> str:
    numbers = [f"{contact.name}: {contact.number} ({contact.hours})" for contact in practice.crisis]
    return "\n".join([_("If you ever need help at once:"), *numbers])
