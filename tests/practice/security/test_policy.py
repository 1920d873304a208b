"""One decision point: what the matrix does not grant is refused, and a page learns what it may show."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.security.policy import access
from rapport.practice.security.policy.access import (
    Forbidden,
    NotFound,
    StepUpNeeded,
    can,
    conditions_for,
    ever,
    matrix,
    not_found,
    register_relation,
    require,
    require_step_up,
)
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


def test_a_refusal_says_to_a_page_what_it_may_show() -> None:
    manager, course = a_manager(), Thing("course", id=uuid.uuid4(), client=uuid.uuid4())
    with pytest.raises(NotFound, match=r"^no relationship$") as hidden:
        require(a_therapist(), "read", course, at=AT)
    with pytest.raises(Forbidden, match=r"^role has no such function$") as forbidden:
        require(manager, "read", course, at=AT)
    with pytest.raises(StepUpNeeded, match=r"^step-up needed$") as unproven:
        require_step_up(manager, "grant", course, at=AT + timedelta(hours=1))
    unknown = not_found(manager, "read", course, at=AT)
    assert [refused.status for refused in (hidden.value, forbidden.value, unproven.value, unknown)] == [
        404,
        403,
        403,
        404,
    ]
    assert [refused.action for refused in (hidden.value, forbidden.value, unproven.value)] == ["read", "read", "grant"]
    for refused in (forbidden.value, unproven.value, unknown):
        assert (refused.actor, refused.thing, refused.recorded) == (manager, course, False)
    assert (unproven.value.at, unknown.at, forbidden.value.at) == (AT + timedelta(hours=1), AT, AT)
    assert can(manager, "list", Thing("account"), at=AT).reason == "granted"


def test_step_up_lasts_five_minutes_and_not_from_the_future() -> None:
    person = Actor(uuid.uuid4(), frozenset({Role.MANAGER}), stepped_up_at=AT)
    second, lasts = timedelta(seconds=1), timedelta(minutes=5)
    proven = [person.is_stepped_up(AT + after) for after in (-second, timedelta(), lasts, lasts + second)]
    assert proven == [False, True, True, False]
    assert not NOBODY.is_stepped_up(AT)
    require_step_up(person, "grant", Thing("account"), at=AT)


def test_nobody_has_no_account() -> None:
    with pytest.raises(PermissionError, match=r"^Nobody is signed in.$"):
        _ = NOBODY.account
    assert a_manager().account


def test_what_belongs_to_nobody_is_not_for_whoever_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two missing ids are not the same person; and of two conditions both must hold."""
    cells = {name: {"client": name} for name in ("self", "author", "released", "care", "self+author", "author+self")}
    monkeypatch.setattr(access, "matrix", lambda: {"thing": cells})
    nobody = Actor(None, frozenset({Role.CLIENT}))
    for condition in cells:
        assert not can(nobody, condition, Thing("thing", released=True), at=AT).allow, condition
    client = Actor(uuid.uuid4(), frozenset({Role.CLIENT}), client_id=uuid.uuid4())
    hers = Thing("thing", client=client.client_id)
    own = Thing("thing", client=client.client_id, author=client.id)
    assert not any(can(client, both, hers, at=AT).allow for both in ("self+author", "author+self"))
    assert can(client, "self+author", own, at=AT).allow
    assert not can(client, "released", hers, at=AT).allow


def test_a_relationship_is_asked_for_the_person_the_client_and_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(access, "_relations", {})
    monkeypatch.setattr(access, "matrix", lambda: {"thing": {"see": {"client": "kin"}}})
    register_relation("kin", lambda *question: bool(asked.append(question)) or True)
    client, thing = Actor(uuid.uuid4(), frozenset({Role.CLIENT})), Thing("thing", client=uuid.uuid4())
    assert can(client, "see", thing, at=AT).allow
    assert asked == [(client, thing.client, AT)]
    assert not can(client, "see", Thing("thing"), at=AT).allow


def test_whoever_has_two_roles_may_do_what_either_may() -> None:
    both = Actor(uuid.uuid4(), frozenset({Role.MANAGER, Role.THERAPIST}))
    assert ever(both, "grant", "account") and ever(a_manager(), "grant", "account")
    assert not ever(a_therapist(), "grant", "account") and not ever(NOBODY, "grant", "account")
    assert can(both, "grant", Thing("account"), at=AT).allow
    for ask in (ever, lambda *question: conditions_for(*question[1:])):
        with pytest.raises(LookupError, match=r"^account/fly is not in the permission matrix.$"):
            ask(both, "fly", "account")
