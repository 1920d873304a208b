"""What somebody sees who may be in danger: whom to call, and honestly who reads what they said and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext

from rapport.clinical.safety.promise import PromiseCode, promise
from rapport.practice.organisation.choices import CrisisContact
from rapport.practice.organisation.queries import practice, practice_in_need
from rapport.practice.safety.choices import AlertState, SafeNow
from rapport.practice.safety.models import Alert, SafetyAnswer, SafetyPlan
from rapport.practice.safety.queries.staff import staff_for
from rapport.practice.safety.rules.clock import working_hours
from rapport.practice.safety.rules.record import ANSWER_LABEL
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class CrisisCard:
    """Contacts, the promise that can be kept, and where the client stands. `read_by` is in the practice's own time."""

    contacts: tuple[CrisisContact, ...]
    practice_name: str
    promise: PromiseCode
    reader: str
    read_by: datetime | None
    covered: bool
    alert_id: UUID | None
    said: SafeNow | None
    has_plan: bool
    today: date | None = None

    @property
    def read_by_words(self) -> str:
        """The day and time of the promise, as one says it: “today at 13:00”, “Monday 9 March at 13:00”."""
        if self.read_by is None:
            return ""
        time = formats.date_format(self.read_by, "H:i")
        if self.read_by.date() == self.today:
            return gettext("today at %(time)s") % {"time": time}
        return gettext("%(day)s at %(time)s") % {"day": formats.date_format(self.read_by, "l j F"), "time": time}

    @property
    def pinned(self) -> bool:
        """Whether the page stays until the client says that they are safe."""
        return self.said in (SafeNow.NO, SafeNow.NOT_SURE)


def public_crisis_card(*, viewer: Actor, at: datetime) -> CrisisCard:
    """For anybody at all, signed in or not: whom to call. Nothing is promised, nothing is known."""
    facts = practice_in_need(viewer=viewer, at=at)
    return CrisisCard(facts.crisis, facts.name, PromiseCode.NOBODY_READS, "", None, False, None, None, False)


def crisis_card(*, viewer: Actor, at: datetime, client_id: UUID, episode_id: UUID | None = None) -> CrisisCard:
    """For the client themselves: who reads what they said, by when, and what they last said about being safe."""
    require(viewer, "raise", Thing("alert", client=client_id), at=at)
    facts = practice(viewer=viewer, at=at)
    waiting = Alert.objects.filter(client_id=client_id, state=AlertState.OPEN).order_by("-raised_at", "-id").first()
    staff = staff_for(viewer=viewer, at=at, client_id=client_id, episode_id=episode_id)
    reader = waiting.owner_id if waiting else next(iter(staff.carers), None)
    name = staff_names().get(reader, "") if reader in staff.carers else facts.name if staff.managers else ""
    given = promise(at, working_hours(facts), name)
    read_by = waiting.due_at if waiting and waiting.due_at > at else given.read_by
    if given.code is PromiseCode.NOBODY_READS:
        read_by = None
    return CrisisCard(
        contacts=facts.crisis,
        practice_name=facts.name,
        promise=given.code,
        reader=given.reader or "",
        read_by=read_by.astimezone(facts.zone) if read_by else None,
        covered=staff.on_call is not None,
        alert_id=waiting.id if waiting else None,
        said=said_last(viewer=viewer, at=at, client_id=client_id),
        has_plan=SafetyPlan.objects.filter(client_id=client_id).exists(),
        today=at.astimezone(facts.zone).date(),
    )


def said_last(*, viewer: Actor, at: datetime, client_id: UUID) -> SafeNow | None:
    """What the client said last when asked whether they are safe, unless that alert is closed by now.

    What was changed past the practice counts as "not sure": the card of help stays.
    """
    require(viewer, "raise", Thing("alert", client=client_id), at=at)
    row = SafetyAnswer.objects.filter(client_id=client_id).select_related("alert").order_by("-at", "-id").first()
    if row is None or (row.alert is not None and row.alert.state == AlertState.CLOSED):
        return None
    return SafeNow(keys.unseal_or(SafeNow.NOT_SURE, keys.client(client_id), ANSWER_LABEL, row.id, row.answer_sealed))
