"""Words for wishes, fits and calendar files."""

from __future__ import annotations

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.sessions.breaks import Break
from rapport.clinical.sessions.waiting import Why, Wish
from rapport.practice.sessions.actions import CalendarUnreadable, Trouble
from rapport.practice.sessions.choices import Freed, OfferState
from rapport.web.desk.sessions.forms import DAYS
from rapport.web.desk.sessions.words import PLACES

FITS: dict[Why, Promise] = {
    Why.WISHED_HOUR: gettext_lazy("a wished hour"),
    Why.ANY_HOUR: gettext_lazy("any hour suits"),
    Why.AT_SHORT_NOTICE: gettext_lazy("can come at short notice"),
}
FREED: dict[Freed, Promise] = {
    Freed.CANCELLED: gettext_lazy("cancelled"),
    Freed.LEFT_OUT: gettext_lazy("left out of its series"),
    Freed.MOVED: gettext_lazy("moved away"),
}
OFFERS: dict[OfferState, Promise] = {
    OfferState.OPEN: gettext_lazy("offered"),
    OfferState.TAKEN: gettext_lazy("accepted"),
    OfferState.DECLINED: gettext_lazy("said no"),
    OfferState.GONE: gettext_lazy("came too late"),
    OfferState.WITHDRAWN: gettext_lazy("taken back"),
}
TROUBLES: dict[Trouble, Promise] = {
    Trouble.TOO_LARGE: gettext_lazy("The file is larger than 1 MB. Export a shorter time."),
    Trouble.NOT_TEXT: gettext_lazy("This is not a text file. A calendar file ends in .ics."),
    Trouble.NOT_A_CALENDAR: gettext_lazy("This is not a calendar file. It does not begin with BEGIN:VCALENDAR."),
    Trouble.BROKEN: gettext_lazy("Something in it is broken. Export it once more."),
    Trouble.TOO_DEEP: gettext_lazy("It holds parts within parts within parts; no calendar does."),
    Trouble.TOO_MANY: gettext_lazy("It holds too many entries. Export a shorter time."),
    Trouble.NO_START: gettext_lazy("An entry has no start."),
    Trouble.ENDS_BEFORE: gettext_lazy("An entry ends before it begins."),
    Trouble.TOO_LONG: gettext_lazy("An entry is longer than a year."),
    Trouble.UNKNOWN_ZONE: gettext_lazy("The time zone of an entry is unknown."),
    Trouble.UNKNOWN_RULE: gettext_lazy("An entry repeats in a way that is not known here."),
    Trouble.TOO_OFTEN: gettext_lazy("An entry repeats more often than daily."),
    Trouble.TOO_FAR_BACK: gettext_lazy("An entry has repeated for too many years."),
}


def trouble(problem: CalendarUnreadable) -> str:
    """What is wrong with a file, and where."""
    words = str(TROUBLES[problem.trouble])
    if problem.words:
        words = f"{words} “{problem.words}”"
    if problem.line:
        words = f"{words} " + _("It is in line %(line)d.") % {"line": problem.line}
    return words + " " + _("Nothing was taken over.")


def wish_words(wish: Wish) -> str:
    """A wish in one line."""
    names = {number: str(name) for number, name in DAYS}
    if wish.times:
        days = ", ".join(names[each.weekday] for each in wish.times)
        if len(wish.times) == len(DAYS):
            days = _("any day")
        start, end = wish.times[0].start.strftime("%H:%M"), wish.times[0].end.strftime("%H:%M")
        when = f"{days} {start}–{end}"
    else:
        when = _("any time")
    parts = [when, _("%(minutes)d minutes") % {"minutes": wish.minutes}]
    if wish.place:
        parts.append(str(PLACES[wish.place]))
    if wish.at_short_notice:
        parts.append(_("also at short notice"))
    return " · ".join(parts)


def break_words(coming: Break) -> str:
    """A break ahead, in sessions."""
    weeks = ngettext("a break of one week", "a break of %(weeks)d weeks", coming.weeks) % {"weeks": coming.weeks}
    left = (
        _("After this session")
        if coming.sessions == 1
        else ngettext("In %(n)d session", "In %(n)d sessions", coming.sessions) % {"n": coming.sessions}
    )
    last = formats.date_format(coming.last, "j F")
    if coming.back is None:
        return _("%(left)s: %(weeks)s. The last session before it is on %(last)s.") % {
            "left": left, "weeks": weeks, "last": last,
        }  # fmt: skip
    return _("%(left)s: %(weeks)s, from %(last)s to %(back)s.") % {
        "left": left, "weeks": weeks, "last": last, "back": formats.date_format(coming.back, "j F"),
    }  # fmt: skip
