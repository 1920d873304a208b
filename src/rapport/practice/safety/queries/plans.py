"""Reading a safety plan: the client's own, a therapist's client's, or by a link where nobody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.functional import Promise

from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import NO_ACCOUNT, care_of
from rapport.practice.safety.choices import STEP_WORDS, STEPS, LinkKind, PlanEntry, Steps
from rapport.practice.safety.models import PlanLink, SafetyPlan
from rapport.practice.safety.rules.record import opened_steps, token_hash
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step as it is shown."""

    title: str | Promise
    hint: str | Promise
    entries: tuple[PlanEntry, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One earlier form of the plan."""

    number: int
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan as it stands. `number` is 0 before anything was written."""

    client_id: UUID
    client_name: str
    number: int
    steps: Steps
    changed_at: datetime | None
    rehearsed_at: datetime | None
    versions: tuple[VersionLine, ...]
    links: tuple[tuple[UUID, LinkKind, datetime], ...]

    @property
    def is_empty(self) -> bool:
        return not any(self.steps.values())

    @property
    def in_words(self) -> tuple[StepWords, ...]:
        """The six steps with their titles, in the order in which they are used."""
        return tuple(StepWords(*STEP_WORDS[step], self.steps[step]) for step in STEPS)


def own_safety_plan(*, viewer: Actor, at: datetime) -> PlanFacts:
    """The client's own plan."""
    client_id = viewer.client_id
    require(viewer, "read", Thing("safety_plan", client=client_id), at=at)
    if client_id is None:
        raise not_found(viewer, "read", Thing("safety_plan"), at=at)
    return _facts(viewer, at, client_id)


def safety_plan(*, viewer: Actor, at: datetime, client_id: UUID) -> PlanFacts:
    """The plan of a client in the therapist's care; the reading is recorded for safety."""
    if not care_of(viewer, at).filter(client_id=client_id, client__erased_at=None).exists():
        raise not_found(viewer, "read", Thing("safety_plan", id=client_id), at=at)
    require(viewer, "read", Thing("safety_plan", client=client_id), at=at)
    return _facts(viewer, at, client_id)


def plan_behind(*, viewer: Actor, at: datetime, token: str) -> PlanFacts | None:
    """The plan a link leads to, for whoever holds it. A withdrawn or invented link leads nowhere, and leaves no row."""
    require(viewer, "read", Thing("public"), at=at)
    links = PlanLink.objects.filter(revoked_at=None, plan__client__erased_at=None)
    link = links.filter(token_hash=token_hash(token)).select_related("plan").first()
    return _facts(viewer, at, link.plan.client_id) if link else None


def plan_kept(*, viewer: Actor, at: datetime, token: str) -> str | None:
    """What a device that keeps a copy asks: does its link still lead to a plan, and to which form of it? Reads no word.

    The answer changes with every version and every day, so that a copy never grows old while there is a network.
    """
    require(viewer, "read", Thing("public"), at=at)
    links = PlanLink.objects.filter(revoked_at=None, plan__client__erased_at=None, token_hash=token_hash(token))
    found = links.annotate(number=Max("plan__versions__number")).first()
    return f"{found.number or 0}.{at:%Y%m%d}" if found else None


def own_device(*, viewer: Actor, at: datetime, token: str) -> LinkKind | None:
    """How this device remembers the client's own plan, if it does."""
    require(viewer, "read", Thing("safety_plan", client=viewer.client_id), at=at)
    links = PlanLink.objects.filter(
        revoked_at=None, plan__client_id=viewer.client_id or NO_ACCOUNT, token_hash=token_hash(token)
    )
    kind = links.values_list("kind", flat=True).first()
    return LinkKind(kind) if kind else None


def _facts(viewer: Actor, at: datetime, client_id: UUID) -> PlanFacts:
    trail.reading(actor=viewer, kind="safety_plan", at=at, client=client_id, purpose="safety")
    name = names(viewer=viewer, at=at, client_ids=[client_id]).get(client_id, "")
    plan = SafetyPlan.objects.filter(client_id=client_id).first()
    if plan is None:
        return PlanFacts(client_id, name, 0, opened_steps(None), None, None, (), ())
    versions = list(plan.versions.order_by("-number"))
    called = staff_names()
    rehearsal = plan.rehearsals.order_by("-at").first()
    links = plan.links.filter(revoked_at=None).order_by("created_at", "id")
    return PlanFacts(
        client_id=client_id,
        client_name=name,
        number=versions[0].number if versions else 0,
        steps=opened_steps(versions[0] if versions else None),
        changed_at=versions[0].at if versions else None,
        rehearsed_at=rehearsal.at if rehearsal else None,
        versions=tuple(VersionLine(one.number, one.at, called.get(one.by, "")) for one in versions),
        links=tuple((link.id, LinkKind(link.kind), link.created_at) for link in links),
    )
