"""From the first meeting to the agreement: interview, decision, contract, goals."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from rapport.clinical.episodes.contract import MissedCharge
from rapport.clinical.episodes.need import NeedDecision
from rapport.demo.arrival import ask_each_session
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.clients.choices import Purpose
from rapport.practice.clients.rules.consenting import newest_text
from rapport.practice.episodes.actions import (
    accept_contract,
    add_goal,
    decide_need,
    offer_contract,
    rate_goal,
    record_paper_acceptance,
    save_section,
)
from rapport.practice.episodes.choices import Agreement, DecisionDetails, Explored, GuideSection

EXACT = {"per_week", "fee"}


def interview(client: Client, at: datetime) -> None:
    """What the first meetings brought, section by section."""
    for section, text in client.words.get("interview", {}).items():
        save_section(
            actor=client.therapist,
            at=at,
            episode_id=client.episode_id,
            section=GuideSection(section),
            explored=Explored.EXPLORED,
            text=text,
            version=0,
        )


def decide(client: Client, at: datetime) -> None:
    """The decision about the need for therapy, and the first goals."""
    said = client.words["decision"]
    details = DecisionDetails(**{**said, "decision": NeedDecision(said["decision"])})
    decide_need(actor=client.therapist, at=at, episode_id=client.episode_id, details=details)
    for goal in client.words.get("goals", ()):
        client.goals.append(
            add_goal(
                actor=client.speaker,
                at=at,
                episode_id=client.episode_id,
                words_of_client=goal["words"],
                value=goal["from"],
            )
        )


def agree(stage: Stage, client: Client, at: datetime) -> Scene:
    """The agreement is offered, and accepted two days later."""
    yield at
    contract_id = offer_contract(
        actor=client.therapist, at=at, episode_id=client.episode_id, agreement=agreement(client.words["agreement"])
    )
    at += timedelta(days=2)
    yield at
    treatment = newest_text(Purpose.TREATMENT).version
    if client.account and client.words.get("signed") != "paper":
        accept_contract(
            actor=client.account, at=at, episode_id=client.episode_id, contract_id=contract_id, crisis_shown=True,
            treatment_text=treatment,
        )  # fmt: skip
    else:
        record_paper_acceptance(
            actor=client.therapist, at=at, episode_id=client.episode_id, contract_id=contract_id,
            signed_on=at.astimezone(stage.zone).date(), signed_by=client.words["name"], crisis_shown=True,
            treatment_text=treatment,
        )  # fmt: skip
    ask_each_session(client, at)


def agreement(shape: str) -> Agreement:
    """One of the practice's agreements."""
    terms: Words = {**words("agreements")["common"], **words("agreements")[shape]}
    terms["charge"] = MissedCharge(terms.get("charge", "full"))
    terms.update({name: Decimal(terms[name]) for name in EXACT & terms.keys()})
    return Agreement(**terms)


def rate_goals(client: Client, at: datetime, share: float) -> None:
    """How near each goal is when `share` of the way is done."""
    for goal_id, goal in zip(client.goals, client.words.get("goals", ()), strict=True):
        on_the_way = goal["from"] + (goal["to"] - goal["from"]) * share + client.chance.choice((-1, 0, 0, 0, 1))
        value = goal["to"] if share >= 1 else min(max(round(on_the_way), 0), 10)
        rate_goal(actor=client.speaker, at=at, goal_id=goal_id, value=value)
