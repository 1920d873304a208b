"""How a client comes: the request, safe contact, what becomes of it, the way into the portal, consents."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words
from rapport.practice.clients.actions import give_consent, withdraw_consent
from rapport.practice.clients.choices import Channel, ClientDetails, ConsentMethod, Purpose, SafeContact
from rapport.practice.clients.rules.consenting import newest_text
from rapport.practice.episodes.actions import decide_referral, record_referral
from rapport.practice.episodes.choices import Problem, ReferralDetails, Urgency
from rapport.practice.measures.actions import assign, assign_pack
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.rules.instruments import pre_assessment_pack
from rapport.practice.security.accounts.actions import invite_client, open_account
from rapport.practice.security.policy.actor import Actor, Role

TOLD = ("name", "preferred_name", "pronouns", "languages", "interpreter", "access_needs", "email", "phone", "address",
        "emergency_contact", "emergency_may_know")  # fmt: skip


def come(stage: Stage, client: Client, at: datetime) -> Scene:
    """The request is typed, and answered a few days later."""
    yield at
    _refer(stage, client, at)
    decided = client.words.get("outcome", {"outcome": "accepted"})
    if client.words["referral"].get("days", 99) <= 1:
        return  # came yesterday; nobody has decided yet
    at += timedelta(days=1, hours=3)
    yield at
    decide_referral(
        actor=client.therapist,
        at=at,
        referral_id=client.known.referral_id,
        outcome=ReferralOutcome(decided["outcome"]),
        reason=decided.get("reason", ""),
        where=decided.get("where", ""),
    )


def enter_portal(client: Client, at: datetime) -> Scene:
    """An account in the portal, the questions before the assessment, consents."""
    yield at
    name = client.words["name"]
    if client.words.get("invited"):
        email = client.words["email"]
        invite_client(actor=client.therapist, at=at, client_id=client.client_id, name=name, email=email, send=True)
    elif client.in_portal:
        account = open_account(
            actor=client.therapist,
            at=at,
            email=client.words["email"],
            name=name,
            roles=frozenset({Role.CLIENT}),
            client_id=client.client_id,
        )
        client.account = Actor(account, frozenset({Role.CLIENT}), client_id=client.client_id, name=name)
    asked = assign_pack(actor=client.therapist, at=at, episode_id=client.episode_id)
    client.forms = dict(zip(pre_assessment_pack(), asked, strict=True))
    at += timedelta(hours=5)
    yield at
    for purpose in ("measures", *client.words.get("consents", ())):
        if not client.words.get("invited"):
            _consent(client, at, Purpose(purpose))


def ask_each_session(client: Client, at: datetime) -> None:
    """From the agreement on the forms are asked before each session."""
    for instrument in client.forms:
        assign(
            actor=client.therapist, at=at, episode_id=client.episode_id, instrument_id=instrument,
            rhythm=Rhythm.EACH_SESSION, reason="Mood and worry are followed side by side, as agreed.",
        )  # fmt: skip


def withdraw(client: Client, at: datetime) -> Scene:
    """Take some consents back, in one click."""
    yield at
    for purpose in client.words.get("withdrawn", ()):
        withdraw_consent(actor=client.speaker, at=at, client_id=client.client_id, purpose=Purpose(purpose))


def _refer(stage: Stage, client: Client, at: datetime) -> None:
    given = client.words["referral"]
    typed_by = client.words.get("taken_by")
    client.ids = record_referral(
        actor=stage.staff[typed_by] if typed_by else client.therapist,
        at=at,
        client=_details(stage, client.words),
        safe_contact=_safe_contact(client.words["safe"]),
        referral=ReferralDetails(
            received_on=at.astimezone(stage.zone).date(),
            source=ReferralSource(given["source"]),
            urgency=Urgency(given.get("urgency", "not_stated")),
            referrer=given.get("referrer", ""),
            reason=given["reason"],
            consents_to_refer=given.get("consents_to_refer", False),
            problems=tuple(
                Problem(ProblemDomain(one["domain"]), one["words"], one["impact"]) for one in given["problems"]
            ),
        ),
        therapist_id=client.therapist.account,
    )


def _details(stage: Stage, about: Words) -> ClientDetails:
    told = {key: about[key] for key in TOLD if key in about}
    told["preferred_name"] = about.get("preferred", "")
    month, day = (int(part) for part in about["birthday"].split("-"))
    years = about["age"] + ((stage.today.month, stage.today.day) < (month, day))
    return ClientDetails(date_of_birth=date(stage.today.year - years, month, day), **told)


def _safe_contact(said: Words) -> SafeContact:
    hours = {key: time.fromisoformat(said[key]) if key in said else None for key in ("from", "until")}
    return SafeContact(
        channels=frozenset(Channel(one) for one in said["channels"]),
        voicemail=said.get("voicemail", False),
        hours_from=hours["from"],
        hours_until=hours["until"],
        shared_device=said.get("shared_device", False),
        hide_portal_mail=said.get("hide_portal_mail", False),
        never_if=said.get("never_if", ""),
    )


def _consent(client: Client, at: datetime, purpose: Purpose) -> None:
    give_consent(
        actor=client.speaker,
        at=at,
        client_id=client.client_id,
        purpose=purpose,
        text_version=newest_text(purpose).version,
        method=ConsentMethod.PORTAL if client.account else ConsentMethod.SPOKEN,
    )
