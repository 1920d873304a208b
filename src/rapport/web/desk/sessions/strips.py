"""How the frame of a course is shown: strips of minutes, and the words around its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.sessions.frame import ContactPurpose, Drift, FrameChangeKind, Initiator, WhoWasLate
from rapport.practice.sessions.choices import ContactChannel, ContactDirection

SHOWN = 20  # hours: as many bars as fit a phone
STEP, BAR, HALF = 14, 10, 28  # px
LEAST = 10.0  # minutes to which the scale always reaches: five minutes must not look like an hour

INITIATORS: dict[Initiator, Promise] = {
    Initiator.CLIENT: gettext_lazy("the client"),
    Initiator.THERAPIST: gettext_lazy("I"),
    Initiator.SOMEONE_ELSE: gettext_lazy("somebody else"),
}
PURPOSES: dict[ContactPurpose, Promise] = {
    ContactPurpose.ARRANGING: gettext_lazy("arranging something"),
    ContactPurpose.CLINICAL: gettext_lazy("the work itself"),
    ContactPurpose.CRISIS: gettext_lazy("a crisis"),
    ContactPurpose.OTHER: gettext_lazy("something else"),
}
CHANNELS: dict[ContactChannel, Promise] = {
    ContactChannel.PHONE: gettext_lazy("telephone"),
    ContactChannel.EMAIL: gettext_lazy("e-mail"),
    ContactChannel.TEXT: gettext_lazy("text message"),
    ContactChannel.PORTAL: gettext_lazy("message in the portal"),
    ContactChannel.LETTER: gettext_lazy("letter"),
    ContactChannel.IN_PERSON: gettext_lazy("in person"),
}
DIRECTIONS: dict[ContactDirection, Promise] = {
    ContactDirection.INCOMING: gettext_lazy("to me"),
    ContactDirection.OUTGOING: gettext_lazy("from me"),
}
CHANGES: dict[FrameChangeKind, Promise] = {
    FrameChangeKind.AGREEMENT: gettext_lazy("a new agreement"),
    FrameChangeKind.WAIVER: gettext_lazy("a charge waived"),
    FrameChangeKind.PLACE: gettext_lazy("another place or room"),
    FrameChangeKind.DOUBLE: gettext_lazy("a longer hour than agreed"),
}
LATE: dict[WhoWasLate, Promise] = {
    WhoWasLate.CLIENT: gettext_lazy("the client"),
    WhoWasLate.THERAPIST: gettext_lazy("I"),
    WhoWasLate.NOBODY: gettext_lazy("nobody"),
    WhoWasLate.UNKNOWN: gettext_lazy("not noted"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour in a strip: where its bar stands, and whether it goes up (later) or down (earlier)."""

    x: int
    y: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Signed minutes hour by hour, as bars around a line."""

    title: str
    sentence: str
    bars: tuple[Bar, ...]
    reach: str
    width: int
    height: int = 2 * HALF
    middle: int = HALF


@dataclass(frozen=True, slots=True)
class DriftRow:
    """The same in a table."""

    day: datetime
    start: str
    end: str
    late: Promise


def strips(drifts: Sequence[tuple[datetime, Drift]]) -> tuple[Strip, ...]:
    """Beginnings and endings of the last hours."""
    last = drifts[-SHOWN:]
    if not last:
        return ()
    days = [day for day, _drift in last]
    return (
        _strip(_("Beginnings"), days, [one.start for _day, one in last], _("after the planned start")),
        _strip(_("Endings"), days, [one.end for _day, one in last], _("after the agreed end")),
    )


def rows(drifts: Sequence[tuple[datetime, Drift]]) -> list[DriftRow]:
    """The newest first."""
    return [DriftRow(day, signed(one.start), signed(one.end), LATE[one.late]) for day, one in reversed(drifts[-SHOWN:])]


def signed(minutes: float) -> str:
    """+3, −2 or 0: whole minutes as one says them.

    >>> signed(2.6), signed(-2.0), signed(0.2)
    ('+3', '−2', '0')
    """
    whole = round(minutes)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


def _strip(title: str, days: Sequence[datetime], values: Sequence[float], after: str) -> Strip:
    reach = max(LEAST, *(abs(value) for value in values))
    bars = tuple(_bar(place, value, reach) for place, value in enumerate(values))
    said = {
        "count": len(values), "first": _day(days[0]), "last": _day(days[-1]), "middle": signed(median(values)),
        "low": signed(min(values)), "high": signed(max(values)), "after": after,
    }  # fmt: skip
    sentence = _(
        "%(count)s hours from %(first)s to %(last)s: %(low)s to %(high)s minutes %(after)s; the middle one %(middle)s."
    )
    return Strip(title, sentence % said, bars, f"{round(reach)}", STEP * len(values))


def _bar(place: int, value: float, reach: float) -> Bar:
    height = max(1.5, round(abs(value) / reach * (HALF - 1), 1))
    later = value >= 0
    return Bar(
        STEP * place + (STEP - BAR) // 2, HALF - height if later else HALF, height, "later" if later else "earlier"
    )


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M")


def who_counts(counts: Iterable[tuple[Initiator, int]]) -> list[tuple[Promise, int]]:
    """Counts with the words of who began."""
    return [(INITIATORS[who], n) for who, n in counts]
