"""Forms of the diary and the room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.contract import USUAL_LENGTHS
from rapport.clinical.sessions.attendance import CAME, Attendance, CancelledBy
from rapport.clinical.sessions.recurrence import Slot
from rapport.clinical.sessions.states import Place
from rapport.web.desk.sessions.frame import at_wall
from rapport.web.desk.sessions.grid.asked import as_day
from rapport.web.desk.sessions.words import ATTENDANCE, PLACES
from rapport.web.doors.forms import Choices, offer

LENGTHS = ", ".join(str(length) for length in USUAL_LENGTHS)
DAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip


RHYTHMS = [
    (1, _("every week")), (2, _("every second week")), (3, _("every third week")), (4, _("every fourth week")),
    *((weeks, format_lazy(_("every {weeks} weeks"), weeks=weeks)) for weeks in range(5, 14)),
]  # fmt: skip


def offer_days(form: forms.Form, taken: Iterable[date]) -> None:
    """Offer to leave out the days that are taken, beside those somebody ticked already."""
    asked = form.data.getlist("leave_out") if isinstance(form.data, QueryDict) else []
    days = {day for text in asked if (day := as_day(text))} | set(taken)
    offer(form, "leave_out", [(day.isoformat(), date_format(day, "D j F Y")) for day in sorted(days)])
    if not days:
        del form.fields["leave_out"]


class LengthField(forms.IntegerField):
    """Minutes: the usual lengths are offered, any other can be typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Minutes"), min_value=1, max_value=600, widget=forms.NumberInput(attrs={"list": "usual-lengths"}),
            help_text=_("Usually 30, 45, 50 or 60; any other length too."), **kwargs,
        )  # fmt: skip


class PlaceForm(forms.Form):
    """Who, how long and where: what one hour and a series share."""

    episode = forms.ChoiceField(label=_("Client"))
    therapist = forms.ChoiceField(label=_("Therapist"))
    length = LengthField(initial=50)
    place = forms.ChoiceField(label=_("Where"), choices=[(place.value, words) for place, words in PLACES.items()])
    room = forms.ChoiceField(label=_("Room"), required=False)
    words = forms.CharField(
        label=_("A word about the place"), required=False, max_length=500,
        help_text=_("You and the client see it: a link, a door bell, where to wait."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, episodes: Choices, rooms: Choices, therapists: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(therapists)
        if people:
            offer(self, "therapist", people)
        else:
            del self.fields["therapist"]
        offer(self, "episode", [("", _("Choose")), *episodes])
        offer(self, "room", [("", _("None")), *rooms])

    @property
    def where(self) -> dict[str, Any]:
        """Client, place and room as the actions take them."""
        said = self.cleaned_data
        return {
            "episode_id": UUID(said["episode"]),
            "therapist_id": UUID(said["therapist"]) if said.get("therapist") else None,
            "place": Place(said["place"]),
            "place_words": said["words"],
            "room_id": UUID(said["room"]) if said["room"] else None,
            "key": said["key"],
        }


class BookForm(PlaceForm):
    """One hour."""

    day = forms.DateField(label=_("Day"))
    start = forms.TimeField(label=_("Begins at"))
    field_order = ["episode", "therapist", "day", "start", "length", "place", "room", "words", "key"]

    @property
    def hours(self) -> tuple[datetime, datetime]:
        start = at_wall(self.cleaned_data["day"], self.cleaned_data["start"])
        return start, start + timedelta(minutes=self.cleaned_data["length"])


class SeriesForm(PlaceForm):
    """The same time every week, every second week, or on several days."""

    first_day = forms.DateField(label=_("First day"))
    start = forms.TimeField(label=_("Begins at"))
    every_weeks = forms.TypedChoiceField(label=_("How often"), coerce=int, initial=1, choices=RHYTHMS)
    more_days = forms.TypedMultipleChoiceField(
        label=_("Also on"), coerce=int, required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple,
        help_text=_("For more than one session a week."),
    )  # fmt: skip
    more_start = forms.TimeField(
        label=_("On those days at"), required=False, help_text=_("If it is not the same time of day.")
    )
    count = forms.IntegerField(label=_("How many sessions"), min_value=1, max_value=104, initial=12)
    leave_out = forms.MultipleChoiceField(
        label=_("Leave out"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("These days are taken.")
    )
    field_order = [
        "episode", "therapist", "first_day", "start", "length", "every_weeks", "more_days", "more_start", "count",
        "leave_out", "place", "room", "words", "key",
    ]  # fmt: skip

    def __init__(self, *args: Any, taken: Iterable[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_days(self, taken)

    @property
    def slots(self) -> tuple[Slot, ...]:
        said = self.cleaned_data
        first, other = said["first_day"].weekday(), said["more_start"] or said["start"]
        days = {first, *said["more_days"]}
        return tuple(Slot(day, said["start"] if day == first else other) for day in sorted(days))

    @property
    def days_left_out(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.cleaned_data.get("leave_out", ()))


class CancelForm(forms.Form):
    """Who cancelled, and when the word came."""

    by = forms.ChoiceField(
        label=_("Who cancelled"),
        choices=[(CancelledBy.CLIENT.value, _("the client")), (CancelledBy.THERAPIST.value, _("you"))],
    )  # fmt: skip
    told_on = forms.DateField(label=_("The word came on"))
    told_at = forms.TimeField(label=_("at"))
    reason = forms.CharField(label=_("Reason given"), required=False, max_length=1000)


class WaiverForm(forms.Form):
    """Why a charge is not asked for, or is again."""

    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("It stays readable, with your name."))


class EndForm(forms.Form):
    """How the hour went, as far as the clock is concerned."""

    attendance = forms.ChoiceField(
        label=_("The client"), initial=Attendance.ATTENDED.value, required=False,
        choices=[(code.value, ATTENDANCE[code]) for code in Attendance if code in CAME], widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label=_("If cut short: why"), required=False, max_length=1000)


class TimesForm(forms.Form):
    """What really happened, entered or put right afterwards."""

    attendance = forms.ChoiceField(
        label=_("What became of it"), choices=[(code.value, words) for code, words in ATTENDANCE.items()]
    )
    day = forms.DateField(label=_("Day"), required=False)
    start = forms.TimeField(label=_("Began at"), required=False)
    end = forms.TimeField(label=_("Ended at"), required=False)
    reason = forms.CharField(label=_("Why you enter this now"), required=False, max_length=1000)

    @property
    def code(self) -> Attendance:
        return Attendance(self.cleaned_data["attendance"])

    @property
    def hours(self) -> tuple[datetime, datetime] | None:
        said = self.cleaned_data
        if not (said["day"] and said["start"] and said["end"]):
            return None
        return at_wall(said["day"], said["start"]), at_wall(said["day"], said["end"])


class AddendumForm(forms.Form):
    """What is added to a signed note."""

    text = forms.CharField(label=_("Addendum"), widget=forms.Textarea(attrs={"rows": 6}))
    reason = forms.CharField(label=_("Why it is added"), max_length=500)
    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
