"""Forms of time away, wishes and calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.sessions.states import Place
from rapport.clinical.sessions.waiting import WishedTime
from rapport.practice.sessions.choices import BlockKind, FeedTitles
from rapport.web.desk.sessions.forms import DAYS
from rapport.web.desk.sessions.frame import at_wall
from rapport.web.desk.sessions.words import PLACES
from rapport.web.doors.forms import as_id, offer

KINDS = {BlockKind.HOLIDAY: _("Holiday"), BlockKind.BUSY: _("Busy elsewhere"), BlockKind.OTHER: _("Something else")}
MOST_DAYS = 366


class AwayForm(forms.Form):
    """From when to when nobody is booked. Hours already booked then are asked about, one by one."""

    kind = forms.ChoiceField(label=_("What it is"), choices=[(kind.value, words) for kind, words in KINDS.items()])
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty for one day."))
    start = forms.TimeField(label=_("From"), required=False, help_text=_("Empty for the whole day."))
    end = forms.TimeField(label=_("Until"), required=False)
    words = forms.CharField(
        label=_("A word for yourself"), required=False, max_length=300, help_text=_("Nobody else reads it.")
    )
    whole_practice = forms.BooleanField(label=_("The whole practice is closed"), required=False)
    fall_out = forms.MultipleChoiceField(
        label=_("These hours fall out"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("An hour you leave out of this list stays where it is until you move it."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, hours: Iterable[tuple[str, str]] = (), may_close: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        booked = list(hours)
        offer(self, "fall_out", booked)
        if booked and "seen" not in self.data:
            self.initial["seen"] = ",".join(key for key, _words in booked)
        if not booked:
            del self.fields["fall_out"]
        if not may_close:
            del self.fields["whole_practice"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first") and said.get("last") and (said["last"] - said["first"]).days > MOST_DAYS:
            self.add_error("last", _("At most a year at a time."))
        return said

    @property
    def period(self) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        last = said["last"] or said["first"]
        start = at_wall(said["first"], said["start"] or time())
        return start, at_wall(last, said["end"]) if said["end"] else at_wall(last + timedelta(days=1), time())

    @property
    def falling_out(self) -> frozenset[UUID]:
        return frozenset(UUID(key) for key in self.cleaned_data.get("fall_out", ()))

    @property
    def staying(self) -> frozenset[UUID]:
        return _ids(self.cleaned_data.get("seen", "")) - self.falling_out


class WishForm(forms.Form):
    """What somebody waits for."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=240, initial=50)
    days = forms.TypedMultipleChoiceField(
        label=_("Days that suit"), coerce=int, required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple,
        help_text=_("None for any day."),
    )  # fmt: skip
    start = forms.TimeField(label=_("Not before"), initial=time(8))
    end = forms.TimeField(label=_("Over by"), initial=time(20))
    place = forms.ChoiceField(
        label=_("Where"), required=False,
        choices=[("", _("anywhere")), *((place.value, words) for place, words in PLACES.items())],
    )  # fmt: skip
    at_short_notice = forms.BooleanField(
        label=_("Can come at short notice"), required=False, help_text=_("Less than two days ahead.")
    )
    words = forms.CharField(label=_("Anything else"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("start") and said.get("end") and said["end"] <= said["start"]:
            self.add_error("end", _("Put the later time last."))
        return said

    @property
    def wish(self) -> dict[str, Any]:
        """The wish as the action takes it."""
        said = self.cleaned_data
        is_any = not said["days"] and (said["start"], said["end"]) == (time(8), time(20))
        days = () if is_any else (said["days"] or range(7))
        return {
            "minutes": said["minutes"],
            "times": tuple(WishedTime(day, said["start"], said["end"]) for day in days),
            "place": Place(said["place"]) if said["place"] else None,
            "at_short_notice": said["at_short_notice"],
            "words": said["words"],
        }


class FeedForm(forms.Form):
    """What the entries of the feed are called."""

    titles = forms.ChoiceField(
        label=_("Entries are called"), widget=forms.RadioSelect, initial=FeedTitles.NEUTRAL.value,
        choices=[(FeedTitles.NEUTRAL.value, _("Appointment")), (FeedTitles.INITIALS.value, _("Initials"))],
        help_text=_("Whoever sees the telephone sees them."),
    )  # fmt: skip


class BusyForm(forms.Form):
    """A calendar file whose times are to be kept free."""

    file = forms.FileField(label=_("Calendar file (.ics)"), help_text=_("At most 1 MB."))
    name = forms.CharField(label=_("What you call it"), max_length=80)
    keep_titles = forms.BooleanField(
        label=_("Keep the titles of its entries"), required=False, help_text=_("Sealed; only you read them.")
    )
    source = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("source"):
            self.fields["name"].required = False


def _ids(text: str) -> frozenset[UUID]:
    return frozenset(found for key in text.split(",")[:500] if (found := as_id(key)))
