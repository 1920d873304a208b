"""One decision point: what the matrix does not grant is refused, and a refusal is written down."""

from __future__ import annotations

import uuid

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound, action, can, matrix, require
from rapport.practice.security.policy.actor import NOBODY, SYSTEM, Actor, Role, Thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CONDITIONS = {"always", "care", "self", "author", "released"}
CELLS = [
    (resource, name, released)
    for resource, actions in matrix().items()
    for name in actions
    for released in (False, True)
]


def test_the_matrix_uses_known_roles_and_conditions_only() -> None:
    for actions in matrix().values():
        for granted in actions.values():
            assert set(granted) <= {str(role) for role in Role}
            assert {part for condition in granted.values() for part in condition.split("+")} <= CONDITIONS


def test_no_manager_reads_anything_clinical() -> None:
    clinical = {
        "alert", "appointment_comment", "assessment", "course", "ending", "goal", "letter", "need_decision",
        "process_note", "progress_note", "questionnaire", "referral", "safety_plan", "session_moment",
    }  # fmt: skip
    assert not [resource for resource in clinical if "manager" in matrix()[resource].get("read", {})]


def test_each_cell_allows_and_denies_as_the_matrix_says() -> None:
    carer, stranger, manager = a_therapist(), a_therapist("Ivo Lenz"), a_manager()
    course = a_course(carer)
    client, other_client = client_account(course), client_account(a_course(stranger, "Amina Barr"))
    actors = {
        "carer": carer, "stranger": stranger, "manager": manager, "client": client, "other": other_client,
        "nobody": NOBODY, "system": SYSTEM,
    }  # fmt: skip
    for resource, name, released in CELLS:
        thing = Thing(resource, id=uuid.uuid4(), client=course.client, author=carer.id, released=released)
        facts = {
            "always": set(actors),
            "care": {"carer"},
            "self": {"client"},
            "author": {"carer"},
            "released": {"client"} if released else set(),
        }
        for who, actor in actors.items():
            (role,) = actor.roles
            condition = matrix()[resource][name].get(role)
            allowed = condition is not None and all(who in facts[part] for part in condition.split("+"))
            wanted = 200 if allowed else 404 if condition else 403
            decision = can(actor, name, thing, at=AT)
            assert (decision.allow, decision.status) == (allowed, wanted), (resource, name, who, condition)


def test_an_unknown_function_is_a_programming_error_not_a_yes() -> None:
    with pytest.raises(LookupError):
        can(a_manager(), "fly", Thing("client"), at=AT)


def test_care_that_ended_opens_nothing() -> None:
    from rapport.practice.episodes.models import CareRelationship

    carer = a_therapist()
    course = a_course(carer)
    thing = Thing("course", client=course.client)
    require(carer, "read", thing, at=AT)
    CareRelationship.objects.update(ended_at=AT)
    with pytest.raises(NotFound):
        require(carer, "read", thing, at=AT)


def test_the_outermost_action_writes_one_denial_even_if_actions_nest() -> None:
    @action
    def inner(*, actor: Actor) -> None:
        require(actor, "grant", Thing("account", id=uuid.UUID(int=5)), at=AT)

    @action
    def outer(*, actor: Actor) -> None:
        inner(actor=actor)

    with pytest.raises(Forbidden):
        outer(actor=a_therapist())
    denied = AuditEvent.objects.get(decision="deny")
    assert (denied.action, denied.object_type, denied.object_id) == ("grant", "account", uuid.UUID(int=5))
