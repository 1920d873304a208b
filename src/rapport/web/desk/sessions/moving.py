"""Forms that ask before an hour is moved or held elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.sessions.states import Place
from rapport.web.desk.sessions.forms import LengthField, offer_days
from rapport.web.desk.sessions.frame import at_wall
from rapport.web.desk.sessions.words import PLACES
from rapport.web.doors.forms import Choices, offer

ONE, FOLLOWING = "one", "following"


class ReachForm(forms.Form):
    """This one, or this one and the following: asked only of an hour of a series."""

    which = forms.ChoiceField(
        label=_("Which"), required=False, initial=ONE, widget=forms.RadioSelect,
        choices=[(ONE, _("this one")), (FOLLOWING, _("this one and the following"))],
    )  # fmt: skip

    def __init__(self, *args: Any, of_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not of_series:
            del self.fields["which"]

    @property
    def is_following(self) -> bool:
        return self.cleaned_data.get("which") == FOLLOWING


class MoveForm(ReachForm):
    """Another time for a planned hour."""

    day = forms.DateField(label=_("Day"))
    start = forms.TimeField(label=_("Begins at"))
    length = LengthField()
    leave_out = forms.MultipleChoiceField(
        label=_("Leave out"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("These days are taken.")
    )
    field_order = ["day", "start", "length", "which", "leave_out"]

    def __init__(self, *args: Any, of_series: bool = False, taken: Iterable[date] = (), **kwargs: Any) -> None:
        super().__init__(*args, of_series=of_series, **kwargs)
        offer_days(self, taken)

    @property
    def hours(self) -> tuple[datetime, datetime]:
        start = at_wall(self.cleaned_data["day"], self.cleaned_data["start"])
        return start, start + timedelta(minutes=self.cleaned_data["length"])

    @property
    def days_left_out(self) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in self.cleaned_data.get("leave_out", ()))


class ElsewhereForm(ReachForm):
    """Another place for a planned hour."""

    place = forms.ChoiceField(label=_("Where"), choices=[(place.value, words) for place, words in PLACES.items()])
    room = forms.ChoiceField(label=_("Room"), required=False)
    words = forms.CharField(
        label=_("A word about the place"), required=False, max_length=500,
        help_text=_("You and the client see it: a link, a door bell, where to wait."),
    )  # fmt: skip
    field_order = ["place", "room", "words", "which"]

    def __init__(self, *args: Any, of_series: bool = False, rooms: Choices, **kwargs: Any) -> None:
        super().__init__(*args, of_series=of_series, **kwargs)
        offer(self, "room", [("", _("None")), *rooms])

    @property
    def where(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "place": Place(said["place"]),
            "place_words": said["words"],
            "room_id": UUID(said["room"]) if said["room"] else None,
        }
