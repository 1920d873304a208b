"""The desk's words for what was said after an hour. No word here judges a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.alliance.ruptures import NoticedBy, Repaired, RuptureKind, RuptureState
from rapport.clinical.alliance.sliders import Reason, Why, WorthAsking
from rapport.practice.alliance.choices import QUESTIONS, HourTogether, RuptureFacts
from rapport.web.components.trend.picture import shown

KINDS: dict[RuptureKind, Promise] = {
    RuptureKind.WITHDRAWAL: gettext_lazy("moving away"),
    RuptureKind.CONFRONTATION: gettext_lazy("moving against"),
    RuptureKind.MIXED: gettext_lazy("both"),
}
KIND_NOTES: dict[RuptureKind, Promise] = {
    RuptureKind.WITHDRAWAL: gettext_lazy("quieter, more polite, further away"),
    RuptureKind.CONFRONTATION: gettext_lazy("annoyed, refusing, pressing"),
    RuptureKind.MIXED: gettext_lazy("one, then the other"),
}
NOTICED_BY: dict[NoticedBy, Promise] = {
    NoticedBy.THERAPIST: gettext_lazy("me"),
    NoticedBy.CLIENT: gettext_lazy("the client"),
    NoticedBy.SUPERVISOR: gettext_lazy("a supervisor"),
    NoticedBy.REVIEWER: gettext_lazy("somebody reading a transcript"),
}
REPAIRED: dict[Repaired, Promise] = {
    Repaired.NO: gettext_lazy("not yet"),
    Repaired.PARTLY: gettext_lazy("partly"),
    Repaired.YES: gettext_lazy("yes"),
}
STATES: dict[RuptureState, Promise] = {
    RuptureState.FRESH: gettext_lazy("not repaired yet"),
    RuptureState.OPEN: gettext_lazy("still open"),
    RuptureState.REPAIRED: gettext_lazy("repaired"),
}
HOUSE_RULE = gettext_lazy(
    "House rule: 2 or more below their own usual, under 7, or a comment. Not a validated measure."
)
COMES_BACK = gettext_lazy("House rule: a memo comes back until you call it repaired.")


def day_of(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F")


def reason(one: Reason) -> str:
    """One reason to ask, with the client's own usual beside it."""
    if one.why is Why.COMMENT or one.slider is None:
        return _("They left a comment.")
    said = {"name": QUESTIONS[one.slider].name, "value": one.value, "usual": shown(one.usual or 0)}
    if one.usual is None:
        return _("%(name)s: %(value)s, for the first time.") % said
    if one.rising:
        return (
            _("%(name)s: %(value)s, and rising from %(usual)s. Low at first and rising is how trust often begins.")
            % said
        )
    return _("%(name)s: %(value)s, usually %(usual)s.") % said


def reasons(found: WorthAsking) -> str:
    """All reasons in one line."""
    return " ".join(reason(one) for one in found.reasons)


def sentence(hours: Sequence[HourTogether], found: WorthAsking) -> str:
    """What the page says before it shows anything."""
    answered = [hour for hour in hours if hour.answered]
    if not answered:
        return _("Nothing has been said after an hour yet.")
    day = {"day": day_of(answered[-1].held_at)}
    if found.flat_tens:
        return _("Nothing but tens of late. That can be true, and it can be politeness; neither is a result.")
    count = len(found.reasons)
    if count:
        return (
            ngettext(
                "After the hour on %(day)s one thing is worth asking about.",
                "After the hour on %(day)s some things are worth asking about.",
                count,
            )
            % day
        )
    return _("After the hour on %(day)s the answers lay where they usually lie.") % day


def rupture(facts: RuptureFacts) -> str:
    """An unrepaired rupture, in a line, with the day by which one wanted to come back to it."""
    said = {"day": day_of(facts.held_at), "count": facts.sessions_since}
    line = _("A rupture on %(day)s is not repaired yet.")
    if facts.sessions_since:
        line = ngettext(
            "A rupture on %(day)s is not repaired yet, %(count)s session on.",
            "A rupture on %(day)s is not repaired yet, %(count)s sessions on.",
            facts.sessions_since,
        )
    if facts.memo.follow_up_due is None:
        return line % said
    due = date_format(facts.memo.follow_up_due, "j F")
    return f"{line % said} {_('You wanted to come back to it by %(due)s.') % {'due': due}}"
