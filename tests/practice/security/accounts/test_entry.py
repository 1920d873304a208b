"""Coming in, by every way there is, and by none that there should not be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import PASSWORD, SoftKey, digits, with_passkey, with_password, with_time_code
from tests.factories.people import a_course, a_therapist, client_account

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Factor, LinkKind, Stage
from rapport.practice.security.accounts.models import Passkey, RecoveryCode, SingleUseLink, TimeCode
from rapport.practice.security.accounts.queries import SignIn, has_second_factor, sign_in_of
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.practice.security.accounts.rules.passkeys import PasskeyRefused
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import StepUpNeeded
from rapport.practice.security.policy.actor import NOBODY, Actor

IP = "192.0.2.7"
STEP = timedelta(seconds=30)


def enter(email: str, at: datetime, password: str = PASSWORD, ip: str = IP) -> actions.Entry:
    return actions.sign_in_with_password(actor=NOBODY, at=at, email=email, password=password, ip=ip)


def half(actor: Actor, at: datetime) -> SignIn:
    """A sign-in whose password was right."""
    entry = enter(with_password(actor), at)
    assert entry.stage == Stage.PASSWORD
    found = sign_in_of(token=entry.token, at=at, path="/")
    assert found is not None
    return found


def test_staff_without_a_second_factor_may_only_set_one_up(at: datetime) -> None:
    """B10: a password alone never opens a staff session."""
    entry = enter(with_password(a_therapist()), at)
    assert entry.stage == Stage.ENROL


def test_a_client_without_a_second_factor_is_in(at: datetime) -> None:
    client = client_account(a_course(a_therapist()))
    assert enter(with_password(client), at).stage == Stage.FULL


def test_a_client_with_one_is_asked_for_it(at: datetime) -> None:
    client = client_account(a_course(a_therapist()))
    with_time_code(client, at)
    assert enter(with_password(client), at).stage == Stage.PASSWORD


def test_unknown_and_wrong_run_the_same_statements_and_say_the_same(at: datetime) -> None:
    """B06: same answer, same statements."""
    email = with_password(a_therapist())
    seen = []
    for address in (email, "nobody@mail.example"):
        with pytest.raises(actions.WrongSignIn):
            enter(address, at, "quite the wrong password")  # so that the counters exist
        with CaptureQueriesContext(connection) as queries, pytest.raises(actions.WrongSignIn) as refused:
            enter(address, at, "quite the wrong password")
        shapes = [
            re.split(r" VALUES| = ", query["sql"])[0][:60] for query in queries if "SAVEPOINT" not in query["sql"]
        ]
        seen.append((str(refused.value), shapes))
    assert seen[0][0] == seen[1][0]
    assert [pair for pair in zip(seen[0][1], seen[1][1], strict=True) if len(set(pair)) > 1] == []


def test_unknown_and_wrong_cost_the_same_hashing(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """B06: hashing is what takes time, so an unknown address is hashed as often as a wrong password."""
    email = with_password(a_therapist())
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(hasher, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for address in (email, "nobody@mail.example"):
        hashed.clear()
        with pytest.raises(actions.WrongSignIn):
            enter(address, at, "quite the wrong password")
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_the_digits_of_the_moment_count_once(at: datetime) -> None:
    """B09: replay in the same window is refused; one step early or late is not."""
    therapist = a_therapist()
    app = with_time_code(therapist, at - 10 * STEP)
    found = half(therapist, at)
    entry = actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))
    assert entry.stage == Stage.FULL
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))
    assert actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at, 1)).stage == Stage.FULL
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))  # older than what was used


@pytest.mark.parametrize("steps", [-2, 2])
def test_digits_of_another_minute_do_not_fit(at: datetime, steps: int) -> None:
    """B09: at most one step of drift."""
    therapist = a_therapist()
    app = with_time_code(therapist, at - 10 * STEP)
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=half(therapist, at), code=digits(app, at, steps))


def test_another_persons_digits_do_not_fit(at: datetime) -> None:
    """B09."""
    mara, alan = a_therapist(), a_therapist("Alan Brook")
    with_time_code(mara, at - 10 * STEP)
    app = with_time_code(alan, at - 10 * STEP)
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=half(mara, at), code=digits(app, at))
    assert AuditEvent.objects.filter(decision="deny", object_id=mara.id, reason="wrong second factor").count() == 1


def test_the_sixth_wrong_digits_wait(at: datetime) -> None:
    """B09: five in five minutes; then even the right ones wait, and afterwards they work."""
    therapist = a_therapist()
    app = with_time_code(therapist, at - 10 * STEP)
    found = half(therapist, at)
    for _ in range(5):
        with pytest.raises(actions.WrongSignIn):
            actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code="000000")
    with pytest.raises(TooManyTries):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))
    later = at + timedelta(minutes=5)
    assert (
        actions.pass_second_factor(actor=NOBODY, at=later, sign_in=found, code=digits(app, later)).stage == Stage.FULL
    )


def test_the_second_factor_needs_the_first(at: datetime) -> None:
    therapist = a_therapist()
    app = with_time_code(therapist, at - 10 * STEP)
    entry = actions.open_sign_in(
        actor=NOBODY, at=at, account_id=therapist.account, second_factor="none", stage=Stage.ENROL
    )
    found = sign_in_of(token=entry, at=at, path="/")
    assert found is not None
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))


def test_a_recovery_code_works_once(at: datetime) -> None:
    """B12: used twice, or replaced, it fails; only hashes are kept."""
    therapist = replace(a_therapist(), stepped_up_at=at)
    with_time_code(therapist, at - 10 * STEP)
    codes = actions.make_recovery_codes(actor=therapist, at=at)
    assert len(set(codes)) == 10
    assert not RecoveryCode.objects.filter(code_hash=codes[0].encode()).exists()
    found = half(therapist, at)
    typed = codes[0].replace("-", " ").upper()
    assert actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=typed).stage == Stage.FULL
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=codes[0])
    fresh = actions.make_recovery_codes(actor=therapist, at=at)
    with pytest.raises(actions.WrongSignIn):
        actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=codes[1])
    assert actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=fresh[1]).stage == Stage.FULL


def test_a_passkey_is_both_halves_at_once(at: datetime) -> None:
    therapist = a_therapist()
    key = with_passkey(therapist, at)
    begun = actions.begin_passkey(actor=NOBODY, at=at, account_id=None, ip=IP)
    entry = actions.sign_in_with_passkey(
        actor=NOBODY, at=at, ticket=begun.ticket, answer=key.sign(begun.options), ip=IP
    )
    assert (entry.stage, entry.actor.id) == (Stage.FULL, therapist.id)
    assert AuditEvent.objects.filter(action="sign_in", reason=Factor.PASSKEY, actor=therapist.id).count() == 1


@pytest.mark.parametrize("what", ["twice", "late", "challenge", "origin", "unverified", "copied", "unknown", "removed"])
def test_a_passkey_that_does_not_prove_it_is_refused(at: datetime, what: str) -> None:
    """Replay, old challenge, phishing origin, no user verification, cloned counter, unknown key."""
    therapist = a_therapist()
    key = with_passkey(therapist, at)
    begun = actions.begin_passkey(actor=NOBODY, at=at, account_id=None, ip=IP)
    later = at
    match what:
        case "twice":
            actions.sign_in_with_passkey(
                actor=NOBODY, at=at, ticket=begun.ticket, answer=key.sign(begun.options), ip=IP
            )
        case "late":
            later = at + timedelta(minutes=5)
        case "origin":
            key.origin = "http://localhost.evil.example"
        case "unverified":
            key.verified = False
        case "copied":
            key.count = 0
        case "unknown":
            key = SoftKey()
        case "removed":
            Passkey.objects.update(removed_at=at)
    answer = key.sign(begun.options, challenge=b"x" * 32 if what == "challenge" else None)
    with pytest.raises(PasskeyRefused):
        actions.sign_in_with_passkey(actor=NOBODY, at=later, ticket=begun.ticket, answer=answer, ip=IP)


def test_somebody_elses_passkey_is_no_second_half(at: datetime) -> None:
    mara, alan = a_therapist(), a_therapist("Alan Brook")
    with_passkey(mara, at)
    key = with_passkey(alan, at)
    found = half(mara, at)
    begun = actions.begin_passkey(actor=NOBODY, at=at, account_id=None, ip=IP)
    with pytest.raises(actions.WrongSignIn):
        actions.pass_with_passkey(
            actor=NOBODY, at=at, sign_in=found, ticket=begun.ticket, answer=key.sign(begun.options), device=""
        )


def test_stepping_up_wants_the_second_factor_too(at: datetime) -> None:
    therapist = a_therapist()
    app = with_time_code(therapist, at - 10 * STEP)
    found = half(therapist, at)
    entry = actions.pass_second_factor(actor=NOBODY, at=at, sign_in=found, code=digits(app, at))
    now = at + timedelta(minutes=6)
    full = sign_in_of(token=entry.token, at=now, path="/")
    assert full is not None
    assert not full.actor.is_stepped_up(now)  # B19
    with pytest.raises(actions.WrongSignIn):
        actions.step_up(actor=full.actor, at=now, password=PASSWORD)
    token = actions.step_up(actor=full.actor, at=now, password=PASSWORD, code=digits(app, now))
    proven = sign_in_of(token=token, at=now, path="/")
    assert proven is not None
    assert proven.actor.is_stepped_up(now)


def test_setting_up_a_factor_wants_step_up(at: datetime) -> None:
    tired = replace(a_therapist(), stepped_up_at=at - timedelta(minutes=6))
    with pytest.raises(StepUpNeeded):
        actions.begin_time_code(actor=tired, at=at, practice_name="Lindenhof")
    with pytest.raises(StepUpNeeded):
        actions.make_recovery_codes(actor=tired, at=at)
    with pytest.raises(StepUpNeeded):
        actions.change_password(actor=tired, at=at, password="another quiet evening walk")


def test_an_unconfirmed_app_is_no_second_factor(at: datetime) -> None:
    therapist = replace(a_therapist(), stepped_up_at=at)
    offer = actions.begin_time_code(actor=therapist, at=at, practice_name="Lindenhof")
    row = TimeCode.objects.get()
    assert not has_second_factor(row.account)
    assert offer.secret.encode() not in bytes(row.secret_sealed)
    with pytest.raises(actions.WrongCode):
        actions.confirm_time_code(actor=therapist, at=at, code="123")


def test_staff_keep_their_last_factor_and_clients_need_not(at: datetime) -> None:
    therapist = replace(a_therapist(), stepped_up_at=at)
    client = replace(client_account(a_course(therapist)), stepped_up_at=at)
    with_time_code(therapist, at)
    with_time_code(client, at)
    with pytest.raises(actions.LastFactor):
        actions.remove_time_code(actor=therapist, at=at)
    assert TimeCode.objects.filter(account_id=therapist.account, removed_at=None).exists()
    actions.remove_time_code(actor=client, at=at)


def test_changing_the_password_ends_the_other_sign_ins(at: datetime) -> None:
    """B02."""
    client = client_account(a_course(a_therapist()))
    email = with_password(client)
    here, there = enter(email, at), enter(email, at)
    found = sign_in_of(token=here.token, at=at, path="/")
    assert found is not None
    actions.change_password(actor=found.actor, at=at, password="another quiet evening walk")
    assert sign_in_of(token=here.token, at=at, path="/") is not None
    assert sign_in_of(token=there.token, at=at, path="/") is None
    with pytest.raises(actions.WrongSignIn):
        enter(email, at)


def test_the_button_that_proves_again_is_the_demos_alone(at: datetime) -> None:
    assert settings.INSTALLATION.demo is False
    therapist = a_therapist()
    with pytest.raises(actions.NotADemo):
        actions.prove_in_demo(actor=therapist, at=at)


def test_old_ceremonies_are_swept(at: datetime) -> None:
    actions.begin_passkey(actor=NOBODY, at=at, account_id=None, ip=IP)
    actions.begin_passkey(actor=NOBODY, at=at + timedelta(hours=2), account_id=None, ip=IP)
    assert SingleUseLink.objects.filter(kind=LinkKind.CEREMONY).count() == 1
