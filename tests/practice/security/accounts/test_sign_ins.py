"""Sign-ins: idle, locked, held open, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.factories.people import a_course, a_manager, a_therapist, client_account

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage, Standing
from rapport.practice.security.accounts.models import SignInSession
from rapport.practice.security.accounts.queries import SignIn, own_account, sign_in_of
from rapport.practice.security.accounts.rules.sign_ins import Hold, standing
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.security.policy.actor import NOBODY, Actor, Role

MINUTE = timedelta(minutes=1)
ROOM = "/desk/room/5d0f/"


def signed_in(actor: Actor, at: datetime) -> tuple[str, Actor]:
    token = actions.open_sign_in(actor=actor, at=at, account_id=actor.account, second_factor="totp")
    found = sign_in_of(token=token, at=at, path="/")
    assert found is not None
    return token, found.actor


def worth(token: str, at: datetime, path: str = "/desk/") -> Standing | None:
    found = sign_in_of(token=token, at=at, path=path)
    return found.standing if found else None


def test_fifteen_minutes_without_anybody_lock(at: datetime) -> None:
    """B03: idle 15:01 is locked, not ended."""
    token, _ = signed_in(a_therapist(), at)
    assert worth(token, at + 14 * MINUTE) == Standing.OPEN
    assert worth(token, at + 15 * MINUTE + timedelta(seconds=1)) == Standing.LOCKED


def test_the_absolute_limit_ends_it_whatever_happens(at: datetime) -> None:
    """B04: twelve hours for staff and four for clients, with constant activity."""
    therapist = a_therapist()
    client = client_account(a_course(therapist))
    for actor, hours in ((therapist, 12), (client, 4)):
        token, _ = signed_in(actor, at)
        SignInSession.objects.update(active_at=at + timedelta(hours=hours))
        assert worth(token, at + timedelta(hours=hours) - MINUTE) == Standing.OPEN
        assert worth(token, at + timedelta(hours=hours)) is None


def test_a_running_session_keeps_only_its_own_room_open(at: datetime) -> None:
    """B03: to its end and fifteen minutes more; every other page is locked meanwhile."""
    token, actor = signed_in(a_therapist(), at)
    actions.hold_open(actor=actor, at=at, until=at + 50 * MINUTE, path=ROOM)
    late = at + 40 * MINUTE
    assert worth(token, late, ROOM) == Standing.HELD
    assert worth(token, late, ROOM + "note/") == Standing.HELD
    assert worth(token, late, "/desk/room/5d0f0/") == Standing.LOCKED
    assert worth(token, late, "/desk/") == Standing.LOCKED
    assert worth(token, at + 64 * MINUTE, ROOM) == Standing.HELD
    assert worth(token, at + 65 * MINUTE, ROOM) == Standing.LOCKED


def test_a_released_room_is_locked_like_any_other(at: datetime) -> None:
    token, actor = signed_in(a_therapist(), at)
    actions.hold_open(actor=actor, at=at, until=at + 50 * MINUTE, path=ROOM)
    actions.release_hold(actor=actor, at=at + 45 * MINUTE)
    assert worth(token, at + 46 * MINUTE, ROOM) == Standing.LOCKED


def test_a_hold_is_bounded(at: datetime) -> None:
    """A session typed as lasting all week holds four hours; and never a whole part of the house."""
    token, actor = signed_in(a_therapist(), at)
    actions.hold_open(actor=actor, at=at, until=at + timedelta(days=7), path=ROOM)
    assert worth(token, at + timedelta(hours=4), ROOM) == Standing.LOCKED
    for path in ("/", "/desk/", "desk/room/", "//", ""):
        with pytest.raises(ValueError, match="one room"):
            actions.hold_open(actor=actor, at=at, until=at + MINUTE, path=path)


def test_a_device_handed_over_opens_one_place_until_its_owner_is_back(at: datetime) -> None:
    token, actor = signed_in(a_therapist(), at)
    actions.hand_over(actor=actor, at=at, path=f"{ROOM}closing/hand/")
    assert worth(token, at, f"{ROOM}closing/hand/heard/") == Standing.OPEN
    for path in (ROOM, f"{ROOM}closing/", f"{ROOM}closing/handy/", "/desk/", "/"):
        assert worth(token, at, path) == Standing.LOCKED, path
    fresh = actions.prove_again(actor=actor, at=at, factor="none", is_step_up=False)
    assert worth(fresh, at, "/desk/") == Standing.OPEN
    assert AuditEvent.objects.filter(action="hand_over", actor=actor.id).count() == 1
    with pytest.raises(ValueError, match="one place"):
        actions.hand_over(actor=actor, at=at, path="/desk/")


def test_a_hold_never_outlasts_the_absolute_limit(at: datetime) -> None:
    late = at + timedelta(hours=12)
    hold = Hold(until=late + timedelta(hours=1), path=ROOM)
    said = standing(roles={Role.THERAPIST}, started_at=at, active_at=late, hold=hold, path=ROOM, at=late)
    assert said == Standing.OVER


def test_proving_again_keeps_the_sign_in_and_kills_the_old_token(at: datetime) -> None:
    """B01: a new token at step-up."""
    token, actor = signed_in(a_therapist(), at)
    later = at + 20 * MINUTE
    fresh = actions.prove_again(actor=actor, at=later, factor="totp")
    assert worth(token, later) is None
    found = sign_in_of(token=fresh, at=later, path="/")
    assert found is not None
    assert found.actor.session == actor.session
    assert found.actor.is_stepped_up(later)
    assert AuditEvent.objects.filter(action="step_up", reason="totp", actor=actor.id).count() == 1


def test_unlocking_is_no_step_up(at: datetime) -> None:
    _, actor = signed_in(a_therapist(), at)
    fresh = actions.prove_again(actor=actor, at=at + 20 * MINUTE, factor="none", is_step_up=False)
    found = sign_in_of(token=fresh, at=at + 20 * MINUTE, path="/")
    assert found is not None
    assert found.is_somebody
    assert not found.actor.is_stepped_up(at + 20 * MINUTE)


def test_signing_out_kills_the_token(at: datetime) -> None:
    """B02."""
    token, actor = signed_in(a_therapist(), at)
    actions.end_sign_in(actor=actor, at=at, token=token)
    assert worth(token, at) is None


def test_everywhere_means_everywhere(at: datetime) -> None:
    """B17."""
    therapist = a_therapist()
    tokens = [signed_in(therapist, at)[0] for _ in range(3)]
    _, other = signed_in(a_therapist("Alan Brook"), at)
    actions.sign_out_everywhere(actor=therapist, at=at)
    assert [worth(token, at) for token in tokens] == [None, None, None]
    assert own_account(viewer=other, at=at).sign_ins


def test_the_eleventh_browser_ends_the_oldest(at: datetime) -> None:
    """B17: concurrent sign-ins are limited."""
    therapist = a_therapist()
    tokens = [signed_in(therapist, at + timedelta(seconds=second))[0] for second in range(11)]
    assert worth(tokens[0], at + MINUTE) is None
    assert worth(tokens[1], at + MINUTE) == Standing.OPEN


def test_one_ends_only_ones_own_sign_ins(at: datetime) -> None:
    _, mara = signed_in(a_therapist(), at)
    token, alan = signed_in(a_therapist("Alan Brook"), at)
    theirs = own_account(viewer=alan, at=at).sign_ins[0].id
    with pytest.raises(NotFound):
        actions.end_own_sign_in(actor=mara, at=at, sign_in_id=theirs)
    assert worth(token, at) == Standing.OPEN
    actions.end_own_sign_in(actor=alan, at=at, sign_in_id=theirs)
    assert worth(token, at) is None


def test_half_a_sign_in_is_nobody_and_soon_over(at: datetime) -> None:
    therapist = a_therapist()
    token = actions.open_sign_in(
        actor=NOBODY, at=at, account_id=therapist.account, second_factor="none", stage=Stage.PASSWORD
    )
    found = sign_in_of(token=token, at=at, path="/")
    assert found is not None
    assert not found.is_somebody
    assert sign_in_of(token=token, at=at + 15 * MINUTE, path="/") is None


def test_enrolling_staff_may_take_their_time(at: datetime) -> None:
    therapist = a_therapist()
    token = actions.open_sign_in(
        actor=NOBODY, at=at, account_id=therapist.account, second_factor="none", stage=Stage.ENROL
    )
    found = sign_in_of(token=token, at=at + 14 * MINUTE, path="/")
    assert found is not None
    assert not found.is_somebody
    assert found.actor.is_stepped_up(at + 14 * MINUTE)


def test_activity_is_noted_at_most_twice_a_minute(at: datetime) -> None:
    token, actor = signed_in(a_manager(), at)
    for seconds, noted in ((10, at), (40, at + timedelta(seconds=40))):
        moment = at + timedelta(seconds=seconds)
        found = sign_in_of(token=token, at=moment, path="/")
        assert isinstance(found, SignIn)
        actions.touch(actor=actor, at=moment, sign_in=found)
        assert SignInSession.objects.get().active_at == noted


def test_nobody_without_a_role_comes_in(at: datetime) -> None:
    therapist = a_therapist()
    token, _ = signed_in(therapist, at)
    manager = replace(a_manager(), stepped_up_at=at)
    actions.grant_role(actor=manager, at=at, account_id=therapist.account, role=Role.MANAGER)
    assert worth(token, at) is None  # B02: a changed role ends every sign-in
