"""Writing the safety plan and the ways to reach it. It is the client's; their therapist may write in it too."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.rules import care_of
from rapport.practice.safety.choices import STEPS, LinkKind, PlanEntry, Steps
from rapport.practice.safety.models import PlanLink, PlanRehearsal, PlanVersion, SafetyPlan
from rapport.practice.safety.rules.record import STEPS_LABEL, opened_steps, token_hash
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

ENTRIES_AT_MOST = 12
TEXT_AT_MOST = 500
PHONE_AT_MOST = 40


class PlanTooLong(Exception):
    """More than anybody can use in a hard hour."""


class PlanChanged(Exception):
    """Somebody else changed the plan meanwhile; nothing was overwritten."""


@action
def write_safety_plan(*, actor: Actor, at: datetime, client_id: UUID, steps: Steps, based_on: int) -> int:
    """Keep a new version of the plan; `based_on` is the version the writer saw. The same words make no new version."""
    _may_edit(actor, at, client_id)
    kept = {step: _tidy(steps.get(step, ())) for step in STEPS}
    plan, _ = SafetyPlan.objects.select_for_update(no_key=True).get_or_create(
        client_id=client_id, defaults={"created_at": at}
    )
    last = plan.versions.order_by("-number").first()
    number = last.number if last else 0
    if dict(opened_steps(last)) == kept:
        return number
    if number != based_on:
        raise PlanChanged("Somebody changed the plan meanwhile.")
    version_id = uuid.uuid4()
    words = {step.value: [{"text": one.text, "phone": one.phone} for one in entries] for step, entries in kept.items()}
    PlanVersion.objects.create(
        id=version_id,
        plan=plan,
        number=number + 1,
        steps_sealed=keys.seal_data(keys.client(client_id), STEPS_LABEL, version_id, words),
        at=at,
        by=actor.account,
    )
    _record(actor, at, "edit", client_id, plan.id)
    return number + 1


@action
def rehearse_plan(*, actor: Actor, at: datetime, client_id: UUID) -> None:
    """Note that the client went through the plan today."""
    plan = _plan(actor, at, client_id)
    PlanRehearsal.objects.create(plan=plan, at=at, by=actor.account)
    _record(actor, at, "rehearse", client_id, plan.id)


@action
def make_plan_link(*, actor: Actor, at: datetime, client_id: UUID, kind: LinkKind) -> str:
    """A way to the plan that needs no sign-in. It is shown once; only a hash is kept. Only the client makes one."""
    plan = _plan(actor, at, client_id, "link")
    token = secrets.token_urlsafe(32)
    PlanLink.objects.create(plan=plan, kind=kind, token_hash=token_hash(token), created_at=at, created_by=actor.account)
    _record(actor, at, "link", client_id, plan.id)
    return token


@action
def withdraw_plan_links(*, actor: Actor, at: datetime, client_id: UUID) -> None:
    """All links, also that of a remembered device, lead nowhere from now on."""
    plan = _plan(actor, at, client_id, "link")
    plan.links.filter(revoked_at=None).update(revoked_at=at)
    _record(actor, at, "unlink", client_id, plan.id)


@action
def withdraw_device(*, actor: Actor, at: datetime, client_id: UUID, token: str) -> None:
    """This device remembers the plan no more; other ways to it stay."""
    plan = _plan(actor, at, client_id, "link")
    if plan.links.filter(revoked_at=None, token_hash=token_hash(token)).update(revoked_at=at):
        _record(actor, at, "unlink", client_id, plan.id)


@action
def leave_device(*, actor: Actor, at: datetime, token: str) -> bool:
    """Somebody signs out at a device. Whether it goes on remembering a plan, as its owner chose."""
    require(actor, "read", Thing("public"), at=at)
    links = PlanLink.objects.select_related("plan").filter(revoked_at=None, plan__client__erased_at=None)
    link = links.filter(token_hash=token_hash(token)).first()
    if link is None or link.kind == LinkKind.DEVICE:
        return link is not None
    if link.kind == LinkKind.UNTIL_SIGN_OUT:
        PlanLink.objects.filter(id=link.id).update(revoked_at=at)
        _record(actor, at, "unlink", link.plan.client_id, link.plan_id)
    return False


def _may_edit(actor: Actor, at: datetime, client_id: UUID) -> None:
    own = actor.client_id == client_id
    if not own and not care_of(actor, at).filter(client_id=client_id, client__erased_at=None).exists():
        raise not_found(actor, "edit", Thing("safety_plan", id=client_id), at=at)
    require(actor, "edit", Thing("safety_plan", client=client_id), at=at)


def _plan(actor: Actor, at: datetime, client_id: UUID, doing: str = "edit") -> SafetyPlan:
    _may_edit(actor, at, client_id)
    require(actor, doing, Thing("safety_plan", client=client_id), at=at)
    return SafetyPlan.objects.get_or_create(client_id=client_id, defaults={"created_at": at})[0]


def _tidy(entries: tuple[PlanEntry, ...]) -> tuple[PlanEntry, ...]:
    kept = tuple(PlanEntry(one.text.strip(), one.phone.strip()) for one in entries)
    kept = tuple(one for one in kept if one.text or one.phone)
    too_long = any(len(one.text) > TEXT_AT_MOST or len(one.phone) > PHONE_AT_MOST for one in kept)
    if too_long or len(kept) > ENTRIES_AT_MOST:
        raise PlanTooLong("A step has room for twelve short lines.")
    return kept


def _record(actor: Actor, at: datetime, what: str, client_id: UUID, plan_id: UUID) -> None:
    trail.record(
        actor=actor, action=what, object_type="safety_plan", object_id=plan_id, client=client_id, at=at,
        purpose="safety",
    )  # fmt: skip
