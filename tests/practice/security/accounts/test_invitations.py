"""Invitations: single use, expiring, revocable, and never a way around anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries import (
    LinkDead,
    invitation,
    people,
    portal_access,
    staff_invitations,
)
from rapport.practice.security.accounts.rules.passwords import PasswordTooWeak
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound, StepUpNeeded
from rapport.practice.security.policy.actor import NOBODY, Actor, Role

DAY = timedelta(days=1)
EMAIL = "jonas@mail.example"


def invite(course: Course, at: datetime, actor: Actor | None = None, send: bool = False) -> actions.Link:
    return actions.invite_client(
        actor=actor or course.therapist, at=at, client_id=course.client, name="Jonas Weber", email=EMAIL, send=send
    )


def accept(link: actions.Link, at: datetime, email: str = EMAIL) -> actions.Entry:
    return actions.accept_invitation(actor=NOBODY, at=at, token=link.token, password=PASSWORD, email=email)


def test_a_client_chooses_a_password_and_is_in(at: datetime) -> None:
    course = a_course(a_therapist())
    link = invite(course, at)
    assert portal_access(viewer=course.therapist, at=at, client_id=course.client).state == "invited"
    entry = accept(link, at + DAY)
    assert entry.stage == Stage.FULL
    assert (entry.actor.client_id, entry.actor.roles, entry.actor.name) == (
        course.client,
        frozenset({Role.CLIENT}),
        "Jonas Weber",
    )
    assert portal_access(viewer=course.therapist, at=at, client_id=course.client).state == "open"
    assert AuditEvent.objects.filter(object_type="invitation", action="create", client=course.client).count() == 1


def test_only_a_hash_is_kept_and_the_words_are_sealed(at: datetime) -> None:
    link = invite(a_course(a_therapist()), at)
    row = SingleUseLink.objects.get(id=link.id)
    assert link.token.encode() not in bytes(row.token_hash)
    assert b"Weber" not in bytes(row.detail_sealed)
    assert len(link.token) >= 43


@pytest.mark.parametrize("what", ["used", "late", "revoked", "replaced", "unknown", "erased"])
def test_a_dead_invitation_opens_nothing(at: datetime, what: str) -> None:
    course = a_course(a_therapist())
    link, moment = invite(course, at), at
    match what:
        case "used":
            accept(link, at)
        case "late":
            moment = at + 7 * DAY
        case "revoked":
            actions.revoke_invitation(actor=course.therapist, at=at, invitation_id=link.id)
        case "replaced":
            invite(course, at)
        case "unknown":
            link = replace(link, token="x" * 43)
        case "erased":
            keys.destroy_compartment("client", course.client, at=at, authority=course.therapist.account)
    with pytest.raises(LinkDead):
        accept(link, moment, email="second@mail.example")
    with pytest.raises(LinkDead):
        invitation(token=link.token, at=moment)


def test_a_weak_password_leaves_the_invitation_alive(at: datetime) -> None:
    link = invite(a_course(a_therapist()), at)
    with pytest.raises(PasswordTooWeak):
        actions.accept_invitation(actor=NOBODY, at=at, token=link.token, password="jonas weber 1", email=EMAIL)
    accept(link, at)


def test_a_taken_address_leaves_the_invitation_alive(at: datetime) -> None:
    therapist = a_therapist()
    taken = with_password(therapist)
    link = invite(a_course(therapist), at)
    with pytest.raises(actions.AddressTaken):
        accept(link, at, email=taken)
    accept(link, at)


def test_strangers_invite_nobody(at: datetime) -> None:
    course = a_course(a_therapist())
    with pytest.raises(NotFound):
        invite(course, at, actor=a_therapist("Alan Brook"))
    with pytest.raises(Forbidden):
        invite(course, at, actor=client_account(course))


def test_somebody_with_an_account_is_not_invited_again(at: datetime) -> None:
    course = a_course(a_therapist())
    client_account(course)
    with pytest.raises(actions.AlreadyIn):
        invite(course, at)


def test_a_stranger_revokes_nothing(at: datetime) -> None:
    link = invite(a_course(a_therapist()), at)
    with pytest.raises(NotFound):
        actions.revoke_invitation(actor=a_therapist("Alan Brook"), at=at, invitation_id=link.id)
    assert SingleUseLink.objects.get(id=link.id).revoked_at is None


def test_a_sent_invitation_goes_through_the_post(at: datetime) -> None:
    a_practice()
    course = a_course(a_therapist())
    invite(course, at, send=True)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.client_id) == ("invitation", course.client)


def staff_link(manager: Actor, at: datetime, roles: frozenset[Role] = frozenset({Role.THERAPIST})) -> actions.Link:
    return actions.invite_staff(
        actor=manager, at=at, name="Alan Brook", email="alan@practice.example", roles=roles, send=False
    )


def test_a_colleague_sets_their_own_password_and_goes_on_to_a_second_factor(at: datetime) -> None:
    manager = replace(a_manager(), stepped_up_at=at)
    link = staff_link(manager, at)
    facts = invitation(token=link.token, at=at)
    assert (facts.is_staff, facts.invited_by, facts.email) == (True, "Ruth Lind", "alan@practice.example")
    assert [one.name for one in staff_invitations(viewer=manager, at=at)] == ["Alan Brook"]
    entry = accept(link, at)
    assert entry.stage == Stage.ENROL
    assert entry.actor.roles == {Role.THERAPIST}
    assert not staff_invitations(viewer=manager, at=at)


def test_before_they_accept_they_are_nobody(at: datetime) -> None:
    manager = replace(a_manager(), stepped_up_at=at)
    staff_link(manager, at)
    assert not Account.objects.filter(role_grants__role=Role.THERAPIST).exists()
    with pytest.raises(actions.WrongSignIn):
        actions.sign_in_with_password(actor=NOBODY, at=at, email="alan@practice.example", password="!", ip="192.0.2.1")
    assert [facts.name for facts in people(viewer=manager, at=at) if facts.roles] == ["Ruth Lind"]


def test_inviting_again_replaces_the_first(at: datetime) -> None:
    manager = replace(a_manager(), stepped_up_at=at)
    first, second = staff_link(manager, at), staff_link(manager, at)
    with pytest.raises(LinkDead):
        accept(first, at)
    accept(second, at)


def test_only_a_manager_who_proved_it_invites_colleagues(at: datetime) -> None:
    with pytest.raises(Forbidden):
        staff_link(a_therapist(), at)
    with pytest.raises(StepUpNeeded):
        staff_link(replace(a_manager(), stepped_up_at=None), at)
    with pytest.raises(ValueError, match="role"):
        staff_link(replace(a_manager(), stepped_up_at=at), at, roles=frozenset({Role.CLIENT}))


def test_the_invitations_of_a_manager_who_left_are_dead(at: datetime) -> None:
    ruth = replace(a_manager(), stepped_up_at=at)
    other = replace(a_manager("Ines Moor"), stepped_up_at=at)
    link = staff_link(ruth, at)
    actions.disable_account(actor=other, at=at, account_id=ruth.account)
    with pytest.raises(LinkDead):
        accept(link, at)
