"""The therapist's sentences, made from the codes of the clinical floor."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.course import CourseCode, CourseReading
from rapport.clinical.outcomes.cut_offs import ChangeClass, CutOffKind
from rapport.clinical.outcomes.five_fields import Decision
from rapport.clinical.outcomes.yardstick import Basis, Yardstick
from rapport.practice.episodes.choices import EpisodeEvent, Happened
from rapport.practice.outcomes.choices import CaseloadLine, CourseFacts, NeedsMe, OutcomeEvent
from rapport.practice.safety.choices import SafetyEvent
from rapport.practice.sessions.choices import SessionEvent
from rapport.web.components.trend.picture import shown
from rapport.web.desk.outcomes.thread_words import DECISIONS

GOT_WORSE = {CourseCode.DETERIORATED, CourseCode.LEFT_HEALTHY_RANGE, CourseCode.STAYED_WELL_BUT_WORSE}


def class_word(outcome: ChangeClass | None) -> str:
    """The name of a class."""
    return {
        ChangeClass.RECOVERED: _("recovered"),
        ChangeClass.IMPROVED: _("improved"),
        ChangeClass.UNCHANGED: _("unchanged"),
        ChangeClass.DETERIORATED: _("deteriorated"),
        ChangeClass.HARMED: _("deteriorated"),
        ChangeClass.NOT_CLASSIFIABLE: _("not classifiable"),
        None: "",
    }[outcome]


def class_tone(outcome: ChangeClass | None) -> str:
    """How a class is marked. Never red: a class is no danger."""
    if outcome in (ChangeClass.RECOVERED, ChangeClass.IMPROVED):
        return "ok"
    return "look" if outcome in (ChangeClass.DETERIORATED, ChangeClass.HARMED) else "plain"


def _moved(reading: CourseReading) -> str:
    """From where to where."""
    known = {name: shown(float(value)) for name, value in reading.sentence.parameters if isinstance(value, int | float)}
    change = reading.change or 0
    if not change:
        return _("Still %(last)s, as at the start.") % known
    words = _("Risen from %(first)s to %(last)s.") if change > 0 else _("Fallen from %(first)s to %(last)s.")
    return words % known


def _range(reading: CourseReading, *, healthy: bool) -> str:
    if reading.rule.cut is None:
        return ""
    below = (reading.rule.direction is Direction.LOWER) is healthy
    if below:
        return _("now below the usual cut-off")
    return _("now above the usual cut-off")


def sentence(reading: CourseReading) -> str:
    """One plain sentence or two about one measure."""
    code = reading.sentence.code
    if code is CourseCode.NO_SCORE:
        return _("Nothing has been answered yet.")
    if code is CourseCode.ONE_SCORE:
        value = reading.last.value if reading.last is not None else None
        return _("One score so far: %(value)s. A change can be read from the second day on.") % {
            "value": "–" if value is None else shown(value)
        }
    return f"{_moved(reading)} {_meaning(code, reading)}".strip()


def _meaning(code: CourseCode, reading: CourseReading) -> str:
    match code:
        case CourseCode.RECOVERED:
            return _("More than measurement error explains, and %(where)s.") % {"where": _range(reading, healthy=True)}
        case CourseCode.IMPROVED:
            return (
                _("Better by more than measurement error explains, not yet past the usual cut-off.")
                if (_still_clinical(reading))
                else _("Better by more than measurement error explains.")
            )
        case CourseCode.UNCHANGED:
            return _("No more than measurement error could explain.")
        case CourseCode.DETERIORATED:
            return _("Worse by more than measurement error explains.")
        case CourseCode.STAYED_WELL:
            return _("In the healthy range at the start and now.")
        case CourseCode.STAYED_WELL_AND_IMPROVED:
            return _("In the healthy range at the start, and reliably better since.")
        case CourseCode.STAYED_WELL_BUT_WORSE:
            return _("Still in the healthy range, and reliably worse than at the start.")
        case CourseCode.LEFT_HEALTHY_RANGE:
            return _("Began in the healthy range and is outside it now.")
        case _:
            return _("Nothing is known about this measure's error, so nobody can say whether that is a change.")


def _still_clinical(reading: CourseReading) -> bool:
    last = reading.last.value if reading.last is not None else None
    return last is not None and reading.rule.clinical(last) is True


def course_sentence(facts: CourseFacts) -> str:
    """The whole course in one sentence."""
    held = facts.sessions_held
    hours = ngettext("%(n)s session", "%(n)s sessions", held) % {"n": held} if held else ""
    said = _said(facts)
    return _("%(hours)s so far. %(said)s") % {"hours": hours, "said": said} if hours else said


def _said(facts: CourseFacts) -> str:
    result = facts.result
    if facts.began_healthy and result.code not in GOT_WORSE:
        return _("Came in the healthy range: what counts here are the goals and staying well.")
    return {
        CourseCode.RECOVERED: _("Reliably better, and past the usual cut-off."),
        CourseCode.IMPROVED: _("Reliably better."),
        CourseCode.UNCHANGED: _("No reliable change yet."),
        CourseCode.DETERIORATED: _("Reliably worse than at the start: worth talking about together."),
        CourseCode.LEFT_HEALTHY_RANGE: _("Began in the healthy range and is outside it now."),
        CourseCode.STAYED_WELL_BUT_WORSE: _("Still in the healthy range, and reliably worse than at the start."),
        CourseCode.CHANGE_ONLY: _("Scores are there, without norms to judge a change by."),
        CourseCode.ONE_SCORE: _("Measured once; the next score will show a direction."),
        CourseCode.NO_SCORE: _("Nothing has been measured yet."),
    }.get(result.code, _("In the healthy range at the start and now."))


def rule_words(rule: Yardstick, *, own_sample: bool, n: int | None = None) -> str:
    """By which rule a class was given, with every number it rests on."""
    if rule.basis is Basis.NONE or rule.least_change is None:
        return _("No norms are known for this measure: changes are shown and not judged.")
    if rule.basis is Basis.NHS:
        return _("NHS Talking Therapies: a case from %(cut)s, reliable from a change of %(least)s points.") % {
            "cut": shown(rule.cut or 0),
            "least": shown(rule.least_change),
        }
    words = _("Jacobson & Truax: reliable beyond %(least).2f points") % {"least": rule.least_change}
    cut = ""
    if rule.cut is not None and rule.cut_kind is not None:
        kind = _("cut-off") if rule.cut_kind is CutOffKind.GIVEN else _("cut-off %(k)s") % {"k": rule.cut_kind.value}
        cut = f", {kind} {rule.cut:.2f}"
    return f"{words}{cut}{_norm_words(rule, own_sample=own_sample)}."


def _norm_words(rule: Yardstick, *, own_sample: bool) -> str:
    norms = rule.norms
    if norms is None:
        return ""
    parts = [_("reliability %(r).2f") % {"r": norms.reliability}] if norms.reliability is not None else []
    if norms.functional_mean is not None and norms.functional_sd is not None:
        parts.append(_("people without the problem %(m)s (%(s)s)") % {
            "m": shown(norms.functional_mean), "s": shown(norms.functional_sd)})  # fmt: skip
    if norms.clinical_mean is not None and norms.clinical_sd is not None:
        who = (
            _("first scores of this caseload %(m).2f (%(s).2f)")
            if own_sample
            else _("people in treatment %(m).2f (%(s).2f)")
        )
        parts.append(who % {"m": norms.clinical_mean, "s": norms.clinical_sd})
    return f" ({', '.join(parts)})" if parts else ""


def needs_words(needs: NeedsMe) -> str:
    """Why a course stands where it stands."""
    return {
        NeedsMe.ALERT: _("an answer waits for you"),
        NeedsMe.DOES_NOT_OPEN: _("a score or a date of birth was changed outside Rapport and does not open"),
        NeedsMe.OFF_TRACK: _("off the expected course: to be thought through"),
        NeedsMe.LOOK_AGAIN: _("you wanted to look again"),
        NeedsMe.WORSE: _("reliably worse than at the start"),
        NeedsMe.LEFT_HEALTHY: _("left the healthy range"),
        NeedsMe.LOOK_TOGETHER: _("six scores, no reliable change: look together"),
        NeedsMe.NOTHING_MEASURED: _("nothing measured yet"),
        NeedsMe.SILENT: _("no score for six weeks"),
        NeedsMe.NOTHING: "",
        NeedsMe.OVER: "",
    }[needs]


def is_worse(line: CaseloadLine) -> bool:
    """Whether any measure of a course is reliably worse than at the start."""
    return any(each.reading.outcome is ChangeClass.DETERIORATED for each in line.measures)


def moment_words(moment: Happened) -> str:
    """What happened, as the time line says it: what the course page shows."""
    match moment.event:
        case EpisodeEvent.REFERRED:
            return _("Referral received")
        case EpisodeEvent.REFERRAL_DECIDED:
            return _outcome(moment.code)
        case EpisodeEvent.NEED_DECIDED:
            return _("Need for therapy decided")
        case EpisodeEvent.OFFERED:
            return _("Agreement offered")
        case EpisodeEvent.AGREED:
            return _("Agreement signed on paper") if moment.code == "paper" else _("Agreement accepted in the portal")
        case EpisodeEvent.STATE:
            return _state(moment.code)
        case SessionEvent.HOUR if moment.number:
            return _("Session %(n)s: %(how)s") % {"n": moment.number, "how": attendance_word(moment.code)}
        case SessionEvent.HOUR | OutcomeEvent.BROUGHT_HOUR:
            return _("Session: %(how)s") % {"how": attendance_word(moment.code)}
        case SafetyEvent.ALERT_ACKNOWLEDGED:
            return _("Answer that needed a person: acted on")
        case OutcomeEvent.THOUGHT_THROUGH:
            return _("Course thought through in five fields")
        case OutcomeEvent.DECIDED:
            return _("Decided on the course: %(what)s") % {"what": DECISIONS[Decision(moment.code)]}
        case SessionEvent.NOTE_SIGNED:
            return _("Note signed")
        case _:
            value = "–" if moment.value is None else shown(moment.value)
            return _("%(measure)s: %(value)s") % {"measure": moment.title, "value": value}


def _outcome(code: str) -> str:
    return {
        "accepted": _("Referral accepted"),
        "waiting": _("Put on the waiting list"),
        "signposted": _("Shown another way to help"),
        "declined": _("Referral declined"),
        "withdrawn": _("Referral withdrawn"),
    }.get(code, _("Referral decided"))


def _state(code: str) -> str:
    return {
        "active": _("Therapy began"),
        "paused": _("Therapy paused"),
        "ending": _("Ending began"),
        "follow_up": _("Follow-up"),
        "closed": _("Closed"),
    }.get(code, code)


_ATTENDANCE = {
    "attended": gettext_lazy("held"),
    "late": gettext_lazy("held, came late"),
    "cut_short": gettext_lazy("held, cut short"),
    "cancelled_in_notice": gettext_lazy("cancelled in time"),
    "cancelled_late": gettext_lazy("cancelled late"),
    "did_not_attend": gettext_lazy("did not come"),
    "cancelled_by_therapist": gettext_lazy("cancelled by you"),
}


def attendance_word(code: str) -> str:
    return str(_ATTENDANCE.get(code, code))


def local_day(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone).date(), "j M Y")
