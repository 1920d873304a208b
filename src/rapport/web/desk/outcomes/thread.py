"""The thread of a course made ready for the page: what happened, what was decided, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rapport.clinical.outcomes.five_fields import Bend, Look
from rapport.clinical.outcomes.following.thread import OpenEnd, Thread
from rapport.practice.outcomes.choices import CaseloadLine, Thought, ThreadFacts, Turn
from rapport.web.components.trend.picture import shown
from rapport.web.desk.outcomes.thread_words import BENDS, DECISIONS, FIELDS, SIGNALS, rests_on_briefly, signal_sentence

SHOWN = 2  # turns; what came before is folded away


@dataclass(frozen=True, slots=True)
class Knot:
    """One moment of a thread."""

    when: str
    title: str
    words: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ShownThread:
    """A thread as the course page shows it: the open end in a sentence, then its last turns, the older ones apart."""

    sentence: str
    badge: str
    tone: str
    link: str
    is_open: bool
    earlier: tuple[Knot, ...]
    knots: tuple[Knot, ...]


def show_thread(facts: ThreadFacts, people: Mapping[UUID, str]) -> ShownThread:
    """Every moment, and the one thing to do."""
    told = facts.turns[:-SHOWN], facts.turns[-SHOWN:]
    earlier, knots = (tuple(knot for turn in turns for knot in _knots(turn, people)) for turns in told)
    sentence, link = _state(facts)
    is_open = facts.open_end is not None
    badge = _("open end") if is_open else _("decided") if facts.thread.runs else _("ended")
    return ShownThread(sentence, badge, "look" if is_open else "plain", link, is_open, earlier, knots)


def _state(facts: ThreadFacts) -> tuple[str, str]:
    """Where it stands, and the words of the one thing to do."""
    last = facts.turns[-1].decided
    if facts.open_end is OpenEnd.DECIDE:
        return signal_sentence(facts.question), _("Think it through")
    if facts.open_end is OpenEnd.LOOK_AGAIN and last is not None:
        told = {"session": last.look_again, "since": BENDS[last.bend]}
        return _("You wanted to look again at session %(session)s. %(since)s") % told, _("Look again")
    if facts.thread.runs and last is not None:
        told = {"session": last.look_again, "since": BENDS[last.bend]}
        return _("Decided; you look again at session %(session)s. %(since)s") % told, _("Think again sooner")
    return _("This thread has ended."), _("Think again")


def _knots(turn: Turn, people: Mapping[UUID, str]) -> Iterator[Knot]:
    signal, decided = turn.signal, turn.decided
    yield Knot(
        _day(signal.taken_at),
        signal_sentence(signal),
        (f"{rests_on_briefly(signal)} ({signal.model_version})",),
        "look",
    )
    if turn.thought is not None and turn.thought.at is not None:
        yield Knot(_day(turn.thought.at), _("Five fields thought through"), tuple(_fields(turn.thought)), "plain")
    if decided is None:
        return
    by = people.get(decided.by, "")
    again = _("Look again at session %(n)s.") % {"n": decided.look_again} if decided.look_again else ""
    yield Knot(
        _day(decided.at),
        _("Decided: %(what)s") % {"what": DECISIONS[decided.decision]},
        tuple(words for words in (decided.words, again, by) if words),
    )
    if decided.bend is not Bend.NOT_YET_KNOWN:
        start = () if signal.score is None else (signal.score,)
        line = " → ".join(shown(value) for value in (*start, *decided.scores))
        tone = "" if decided.bend is Bend.BETTER else "look"
        yield Knot(_("since"), str(BENDS[decided.bend]), (f"{signal.measure}: {line}",), tone)


def _fields(thought: Thought) -> Iterator[str]:
    """What was found; fields in which nothing is are named together."""
    for field, said in thought.fields.items():
        if said.look is Look.SOMETHING or said.words:
            yield f"{FIELDS[field]}: {said.words or _('there is something')}"
    nothing = [
        str(FIELDS[field]) for field, said in thought.fields.items() if said.look is Look.NOTHING and not said.words
    ]
    if nothing:
        yield _("Nothing in: %(fields)s.") % {"fields": ", ".join(nothing)}


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j M")


def open_end_words(line: CaseloadLine) -> str:
    """The open end of a course, for the day and the caseload: which measure, since when, and what waits."""
    spun = line.thread
    if spun is None or spun.open_end is None:
        return ""
    names = {each.instrument.id: each.instrument.short_title for each in line.measures}
    if spun.signal is not None and spun.signal.signal is not None:
        return _("%(measure)s %(word)s at session %(session)s: to be thought through") % {
            "measure": names.get(spun.signal.instrument, ""),
            "word": SIGNALS[spun.signal.signal],
            "session": spun.signal.session,
        }
    return _("to look at again since session %(session)s: %(bend)s") % _again(spun)


def _again(spun: Thread) -> dict[str, object]:
    words = {
        Bend.BETTER: _("it came back"),
        Bend.NOT_YET_KNOWN: _("no score since"),
        Bend.STILL_OFF: _("still off"),
        Bend.WORSE: _("further off"),
    }
    session = spun.decided.look_again if spun.decided is not None else None
    return {"session": session, "bend": words[spun.bend or Bend.NOT_YET_KNOWN]}
