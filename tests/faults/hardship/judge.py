"""The record of a campaign, held against rules written down once more and on purpose in another way."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tests.faults.hardship.alerts import Campaign

LONDON, OPENS, CLOSES = ZoneInfo("Europe/London"), 9, 18
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
TOLD_AFTER_A_STANDSTILL = 3


def judge(campaign: Campaign) -> list[str]:
    """What was wrong."""
    return [*_overlooked(campaign), *_trail(campaign), *_late(campaign), *_unsent(campaign)]


def _overlooked(campaign: Campaign) -> Iterator[str]:
    """No answer that needs a person is without its alert, and none that was acknowledged is lost."""
    from rapport.practice.measures.models import Answer
    from rapport.practice.measures.rules.record import value_of

    kept = {}
    rows = Answer.objects.filter(at__gte=campaign.began).select_related("administration", "led_to__alert")
    for row in rows.iterator(chunk_size=500):
        link = getattr(row, "led_to", None)
        kept[row.id] = link.alert_id if link else None
        value = value_of(row, row.administration.client_id)
        if _needs_a_person(row.administration.instrument, row.item, value):
            campaign.said["answers that need a person"] += 1
            if link is None:
                yield f"answer without an alert: {row.id}"
            elif link.alert.client_id != row.administration.client_id:
                yield f"answer with somebody else's alert: {row.id}"
        elif link is not None:
            yield f"an alert nobody needs: {row.id}"
    for answer, alert in campaign.acknowledged.items():
        if answer not in kept and Answer.objects.filter(id=answer).exists():
            continue  # the same answer was given before this campaign, and is one answer
        if kept.get(answer, "lost") != alert:
            yield f"lost: {answer}"


def _needs_a_person(instrument: str, item: str, value: int | None) -> bool:
    if instrument == "phq9":
        return item == "9" and (value or 0) > 0
    return item in {"1", "2", "3", "4"} and value != 0


def _trail(campaign: Campaign) -> Iterator[str]:
    """Each alert raised, counted again or answered is one entry of the trail, and none is without."""
    from rapport.practice.safety.models import AlertStep
    from rapport.practice.security.audit.models import AuditEvent

    events = AuditEvent.objects.filter(at__gte=campaign.began, object_type="alert", decision="allow")
    entered = Counter(events.values_list("action", flat=True))
    steps = Counter(AlertStep.objects.filter(at__gte=campaign.began).values_list("kind", flat=True))
    for action, kind in (
        ("raise", "opened"), ("repeat", "repeated"), ("acknowledge", "acknowledged"), ("close", "closed"),
        ("reassign", "reassigned"),
    ):  # fmt: skip
        if entered[action] != steps[kind]:
            yield f"trail: {steps[kind]} alerts {kind}, {entered[action]} entered"


def _late(campaign: Campaign) -> Iterator[str]:
    """Every open alert is told on at half of its time, at its end and each hour, in the worker's next round."""
    from rapport.practice.safety.models import Alert

    ends = campaign.ticks[-1][0]
    for row in Alert.objects.filter(raised_at__gte=campaign.began).prefetch_related("steps"):
        campaign.said["alerts"] += 1
        steps = list(row.steps.all())
        answered = min((step.at for step in steps if step.kind == "acknowledged"), default=ends + HOUR)
        told = {(step.level, step.at) for step in steps if step.kind == "escalated"}
        campaign.said["escalations"] += len(told)
        wanted = set(_wanted(campaign, row.raised_at, min(answered, ends)))
        if told != wanted:
            yield f"escalation: {row.id} raised {row.raised_at:%d %b %H:%M}: {sorted(told ^ wanted)[:2]}"
        if row.due_at != _after_work(row.raised_at, 240):
            yield f"escalation: {row.id} is due at the wrong time"


def _wanted(campaign: Campaign, raised: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
    due, half = _after_work(raised, 240), _after_work(raised, 120)
    times = [(0, half), *((number + 1, due + number * HOUR) for number in range((until - due) // HOUR + 2))]
    done = -1
    for place in range(bisect_right(campaign.ticks, (raised, True)), len(campaign.ticks)):
        moment, _ = campaign.ticks[place]
        if moment > until:
            return
        now = [level for level, when in times if when <= moment and level > done][-TOLD_AFTER_A_STANDSTILL:]
        for level in now:
            done = level
            yield level, moment


@cache
def _after_work(moment: datetime, minutes: int) -> datetime:
    """When so many minutes have been worked, counted on the practice's own clock by the quarters things happen at."""
    while minutes:
        local = moment.astimezone(LONDON)
        minutes -= 15 * (local.weekday() < 5 and OPENS <= local.hour < CLOSES)
        moment += QUARTER
    return moment


def _unsent(campaign: Campaign) -> Iterator[str]:
    """Whoever was to be told was sent one message, in the first rounds in which nothing kept the post."""
    from tests.faults.hardship.alerts import LONGEST_WAIT
    from tests.faults.hardship.post import Server

    from rapport.practice.post.models import OutboxMessage
    from rapport.practice.safety.models import AlertStep

    told = AlertStep.objects.filter(at__gte=campaign.began, kind__in=("notified", "escalated")).count()
    rows = list(OutboxMessage.objects.filter(queued_at__gte=campaign.began))
    if told != len(rows):
        yield f"post: {told} people were to be told, {len(rows)} messages were written"
    rounds = [moment for moment, can_leave in campaign.ticks if can_leave]
    for row in rows:
        if row.state == "held" and row.account_id in campaign.ever_disabled:
            continue
        if row.state != "sent" or not Server.received[str(row.id)]:
            yield f"post: a message is {row.state} ({row.reason})"
            continue
        campaign.said["messages sent"] += 1
        if rounds and row.sent_at and row.sent_at > _round(rounds, _round(rounds, row.queued_at) + LONGEST_WAIT):
            yield f"post: a message of {row.queued_at:%d %b %H:%M} left at {row.sent_at:%d %b %H:%M}"


def _round(rounds: list[datetime], moment: datetime) -> Any:
    """The first round after this moment: what is said at one is said when that round is over."""
    return rounds[min(bisect_right(rounds, moment), len(rounds) - 1)]
