"""The words of a thread: signals, fields, decisions. A signal is about a score, never about a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.outcomes.five_fields import Bend, Decision, Field, Look
from rapport.clinical.outcomes.patterns.sudden_gains import SuddenKind
from rapport.clinical.outcomes.signals import Reason, Rung, Signal
from rapport.practice.outcomes.choices import LineInUse, SignalFacts
from rapport.web.components.trend.picture import shown

SIGNALS: Mapping[Signal, Promise] = {
    Signal.WHITE: gettext_lazy("in the healthy range"),
    Signal.GREEN: gettext_lazy("as expected"),
    Signal.YELLOW: gettext_lazy("worth a look"),
    Signal.RED: gettext_lazy("not on track"),
}
FIELDS: Mapping[Field, Promise] = {
    Field.SAFETY: gettext_lazy("Safety"),
    Field.MOTIVATION_AND_GOALS: gettext_lazy("Motivation and goals"),
    Field.RELATIONSHIP: gettext_lazy("Our relationship"),
    Field.LIFE_EVENTS_AND_SUPPORT: gettext_lazy("Life events and support"),
    Field.REGULATION: gettext_lazy("Regulation of feelings"),
}
PROMPTS: Mapping[str, Promise] = {
    "harm_to_self": gettext_lazy("Has anything changed about wishing to die or hurting oneself?"),
    "harm_by_or_to_others": gettext_lazy("Is anybody a danger to them, or they to anybody?"),
    "safety_plan": gettext_lazy("Does the safety plan still fit?"),
    "own_wish": gettext_lazy("Whose wish is it to be here?"),
    "shared_goals": gettext_lazy("Do we still work for the same thing?"),
    "what_getting_better_costs": gettext_lazy("What would getting better cost them?"),
    "unsaid": gettext_lazy("Is there something we do not say?"),
    "rupture": gettext_lazy("Was there a strain, and was it mended?"),
    "fit_of_method": gettext_lazy("Does my way of working fit this person?"),
    "events": gettext_lazy("What has happened outside?"),
    "who_is_there": gettext_lazy("Who is there for them, and who no longer is?"),
    "body_and_substances": gettext_lazy("Body, medicine, alcohol, other substances?"),
    "money_and_home": gettext_lazy("Money, work, a place to live?"),
    "overwhelmed_or_numb": gettext_lazy("Flooded by feeling, or far from it?"),
    "sleep_and_rhythm": gettext_lazy("How do they sleep, eat, get through the day?"),
    "skills_between_hours": gettext_lazy("What can they do for themselves between hours?"),
}
LOOKS: Mapping[Look, Promise] = {
    Look.NOT_YET: gettext_lazy("not looked at"),
    Look.NOTHING: gettext_lazy("looked, nothing"),
    Look.SOMETHING: gettext_lazy("there is something"),
}
DECISIONS: Mapping[Decision, Promise] = {
    Decision.GO_ON: gettext_lazy("Go on as agreed"),
    Decision.TALK_WITH_CLIENT: gettext_lazy("Talk about it with the client"),
    Decision.CHANGE_FOCUS: gettext_lazy("Change what we work on"),
    Decision.CHANGE_METHOD: gettext_lazy("Change how we work"),
    Decision.CHANGE_HOURS: gettext_lazy("More or fewer hours"),
    Decision.INVOLVE_OTHERS: gettext_lazy("Involve others, with consent"),
    Decision.CONSULT: gettext_lazy("Ask a colleague"),
    Decision.SAFETY_STEP: gettext_lazy("Take a step for safety"),
    Decision.END_OR_REFER: gettext_lazy("End, or help them to somebody else"),
}
BENDS: Mapping[Bend, Promise] = {
    Bend.BETTER: gettext_lazy("Since then the course came back to what is expected."),
    Bend.NOT_YET_KNOWN: gettext_lazy("There is no score since then."),
    Bend.STILL_OFF: gettext_lazy("Since then it is still off the expected course."),
    Bend.WORSE: gettext_lazy("Since then it got further off the expected course."),
}
SUDDEN: Mapping[SuddenKind, Promise] = {
    SuddenKind.GAIN: gettext_lazy("sudden gain"),
    SuddenKind.LOSS: gettext_lazy("sudden loss"),
}
WHY: Mapping[Reason, Promise] = {
    Reason.WORSE_RELIABLY: gettext_lazy("worse than at the start by more than measurement error explains"),
    Reason.BEYOND_80: gettext_lazy("nine of ten people who began at the same score do better by then"),
    Reason.BEYOND_68: gettext_lazy("most people who began at the same score do better by then"),
    Reason.WORSE_BY_HALF: gettext_lazy("somewhat worse than at the start, by a rule of this house"),
    Reason.LITTLE_CHANGE: gettext_lazy("hardly changed since the start, by a rule of this house"),
    Reason.NOT_IMPROVED_BY_TEN: gettext_lazy("not reliably better after ten sessions, by a rule of this house"),
}


def signal_sentence(facts: SignalFacts) -> str:
    """“PHQ-9 was 21 at session 5: not on track. …”"""
    said = {
        "measure": facts.measure,
        "score": "–" if facts.score is None else shown(facts.score),
        "session": facts.session,
        "word": SIGNALS[facts.signal],
    }
    why = next((str(WHY[reason]) for reason in facts.reasons if reason in WHY), "")
    told = _("%(measure)s was %(score)s at session %(session)s: %(word)s.") % said
    return f"{told} {why[:1].upper()}{why[1:]}." if why else told


def rests_on(line: LineInUse) -> str:
    """Which step of the data ladder a band stands on, and that it is not verified while that is so."""
    if line.own is None:
        return _(
            "No expected course is known for this measure: a rule of this house reads it, which nobody has checked."
        )
    return {
        Rung.PRIOR: _("The band rests on assumptions, not yet on clients of this practice, and is not verified."),
        Rung.PRIOR_AND_PRACTICE: _("The band rests on assumptions and %(n)s clients of this practice; not verified."),
        Rung.OWN_MODEL: _("The band rests on %(n)s clients of this practice."),
        Rung.STRATA: _("The band rests on those of %(n)s clients of this practice who began alike."),
    }[line.rung] % {"n": line.n_clients}


def rests_on_briefly(signal: SignalFacts) -> str:
    """The same, of a signal that was read at its time."""
    if signal.expected is None:
        return _("read by a rule of this house, not verified")
    return {
        Rung.PRIOR: _("read by assumptions, not verified"),
        Rung.PRIOR_AND_PRACTICE: _("read by assumptions and clients of this practice, not verified"),
        Rung.OWN_MODEL: _("read by clients of this practice"),
        Rung.STRATA: _("read by clients of this practice who began alike"),
    }[signal.rung]


def chance_sentence(card: NumberCard) -> str:
    """“About 4 in 10 courses with such scores are in the healthy range at session 12.” Never a promise."""
    inputs, tenths = dict(card.inputs), round(10 * float(card.value or 0))
    where = {"n": tenths, "session": inputs["at session"]}
    if tenths == 0:
        return _("Fewer than 1 in 10 courses with such scores are in the healthy range at session %(session)s.") % where
    if tenths == 10:
        return _("Nearly all courses with such scores are in the healthy range at session %(session)s.") % where
    words = ngettext(
        "About %(n)s in 10 courses with such scores is in the healthy range at session %(session)s.",
        "About %(n)s in 10 courses with such scores are in the healthy range at session %(session)s.",
        tenths,
    )
    return words % where
