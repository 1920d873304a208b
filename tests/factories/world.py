"""A whole practice, made through actions: every sealed field of two clients holds a token that nothing else holds.

`CANARY-own-reason` is what the client called own said as their reason. Wherever a token turns up where its grade does
not allow it, something leaks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from rapport.clinical.endings.kinds import EndingKind
from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource
from rapport.clinical.outcomes.five_fields import Field, FieldThought, Look
from rapport.clinical.safety.plan import STEPS
from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.clients.actions import give_consent
from rapport.practice.clients.choices import Channel, ClientDetails, ConsentMethod, Purpose, SafeContact
from rapport.practice.endings import actions as endings
from rapport.practice.endings.choices import EndingDetails, FinalMeasures, NegativeEffects
from rapport.practice.episodes import actions as episodes
from rapport.practice.episodes.choices import (
    Agreement,
    Alternative,
    DecisionDetails,
    EpisodeState,
    Explored,
    GuideSection,
    Problem,
    ReferralDetails,
    Urgency,
)
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.measures import actions as measures
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import ItemToAsk
from rapport.practice.organisation.actions import add_room
from rapport.practice.post.models import OutboxMessage
from rapport.practice.process_notes import actions as process_notes
from rapport.practice.process_notes.models import ProcessDraft
from rapport.practice.safety import actions as safety
from rapport.practice.safety.choices import Contact, LinkKind, PlanEntry, SafeNow
from rapport.practice.safety.models import Alert
from rapport.practice.security.accounts.actions import invite_client
from rapport.practice.security.accounts.models import SingleUseLink
from rapport.practice.security.approvals.actions import request_act
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions as sessions
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.models import NoteDraft
from tests.factories.alliance import fill_alliance, write_rupture
from tests.factories.calendars import free_and_waiting
from tests.factories.charges import waived
from tests.factories.correspondence import correspondence_of_the_world
from tests.factories.exercises import tasks_of_the_world
from tests.factories.files import keep_a_file
from tests.factories.organisation import a_practice
from tests.factories.outcomes import decided, read_all, totals
from tests.factories.people import AT, Course, a_manager, a_therapist, client_account
from tests.factories.results import report_of_the_world
from tests.factories.room import a_room_in_use
from tests.factories.speaking import make_speaking_easier
from tests.factories.unsent import typing_of_the_world
from tests.factories.writing import fill_writing

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOW = AT + 20 * MINUTE
CANARY = "CANARY"
NO_ONE = UUID(int=0)


class Grade(StrEnum):
    """Who may read a field of a client."""

    PERSON = "person"  # the client, their carers and the office
    SHARED = "shared"  # the client and their carers
    OWN = "own"  # the client alone
    CLINICAL = "clinical"  # their carers
    AUTHOR = "author"  # whoever wrote it


@dataclass(slots=True)
class Someone:
    """One client with everything a client can have, and what leads to each thing in an address."""

    tag: str
    therapist: Actor
    ids: dict[str, str] = field(default_factory=dict)
    canaries: dict[str, Grade] = field(default_factory=dict)
    client: UUID = NO_ONE
    episode: UUID = NO_ONE
    account: Actor | None = None

    def say(self, name: str, grade: Grade = Grade.CLINICAL) -> str:
        """The words of one field."""
        token = f"{CANARY}-{self.tag}-{name}"
        self.canaries[token] = grade
        return f"{token} said so"

    @property
    def course(self) -> Course:
        return Course(self.client, self.episode, self.therapist)


@dataclass(frozen=True, slots=True)
class World:
    """The practice: `carer` cares for `own` together with `colleague`, `stranger` for `other`."""

    manager: Actor
    colleague: Actor
    own: Someone
    other: Someone

    @property
    def carer(self) -> Actor:
        return self.own.therapist

    @property
    def stranger(self) -> Actor:
        return self.other.therapist


def a_world(*, with_process_notes: bool = True) -> World:
    """Found the practice and fill it."""
    a_practice()
    manager, colleague = a_manager(), a_therapist("Tess Both")
    own = Someone("own", a_therapist("Mara Okonjo"))
    other = Someone("other", a_therapist("Ida Other"))
    for someone in (own, other):
        _course_of(someone, manager)
        if with_process_notes:
            write_process_notes(someone)
            write_rupture(someone)
    episodes.grant_care(actor=manager, at=AT, episode_id=own.episode, therapist_id=colleague.account)
    return World(manager, colleague, own, other)


def _course_of(someone: Someone, manager: Actor) -> None:
    for step in (
        _referral,
        _contact,
        _assessment,
        _agreement,
        _account,
        _goals,
        _plan,
        keep_a_file,
        _hours,
        lambda someone: free_and_waiting(someone, Grade.AUTHOR),
        _notes,
        a_room_in_use,
        fill_writing,
        fill_alliance,
        _measures,
        _thread,
        make_speaking_easier,
        _ending,
        tasks_of_the_world,
        correspondence_of_the_world,
        typing_of_the_world,
        report_of_the_world,
    ):
        step(someone)
    _of_the_office(someone, manager)


def _referral(someone: Someone) -> None:
    say, person = someone.say, Grade.PERSON
    made = episodes.record_referral(
        actor=someone.therapist,
        at=AT - 30 * DAY,
        client=ClientDetails(
            name=say("name", person).replace("said so", "Weberin"),
            preferred_name=say("preferred", person),
            pronouns=say("pronouns", person),
            date_of_birth=date(1990, 2, 3),
            languages=say("languages", person),
            access_needs=say("access", person),
            email=f"{say('email', person).split()[0]}@mail.example",
            phone="+44 20 7946 0123",
            address=say("address", person),
            emergency_contact=say("emergency", person),
            emergency_may_know=say("may-know", person),
        ),
        safe_contact=SafeContact(channels=frozenset({Channel.EMAIL}), never_if=say("never-if", person)),
        referral=ReferralDetails(
            received_on=(AT - 31 * DAY).date(),
            source=ReferralSource.SELF,
            urgency=Urgency.ROUTINE,
            referrer=say("referrer"),
            reason=say("reason"),
            problems=(Problem(ProblemDomain.BEHAVIOURAL, say("problem"), 7),),
        ),
    )
    someone.client, someone.episode = made.client_id, made.episode_id
    someone.ids |= {"client_id": str(made.client_id), "client": str(made.client_id)}
    someone.ids |= {"episode_id": str(made.episode_id), "referral_id": str(made.referral_id)}
    episodes.decide_referral(
        actor=someone.therapist,
        at=AT - 29 * DAY,
        referral_id=made.referral_id,
        outcome=ReferralOutcome.ACCEPTED,
        reason=say("outcome"),
    )


def _contact(someone: Someone) -> None:
    for purpose in (Purpose.TREATMENT, Purpose.MEASURES, Purpose.CONTACT_EMAIL, Purpose.SHARE_WITH):
        give_consent(
            actor=someone.therapist,
            at=AT - 29 * DAY,
            client_id=someone.client,
            purpose=purpose,
            text_version=1,
            method=ConsentMethod.SPOKEN,
            scope=someone.say("scope", Grade.PERSON) if purpose is Purpose.SHARE_WITH else "",
        )
    someone.ids |= {"purpose": "treatment"}


def _assessment(someone: Someone) -> None:
    say, who = someone.say, {"actor": someone.therapist, "at": AT - 28 * DAY, "episode_id": someone.episode}
    for section in GuideSection:
        explored = Explored.EXPLORED
        episodes.save_section(**who, section=section, explored=explored, text=say(f"section-{section}"), version=0)  # type: ignore[arg-type]
    episodes.decide_need(
        **who,  # type: ignore[arg-type]
        details=DecisionDetails(
            decision=NeedDecision.THERAPY_NOW,
            reasons=say("decision-reasons"),
            client_view=say("decision-view"),
            alternatives=((Alternative.PHYSICAL_ILLNESS, say("decision-alternative")),),
            social_conditions=say("decision-social"),
            importance=8,
            confidence=6,
        ),
    )


def _agreement(someone: Someone) -> None:
    def say(name: str) -> str:
        return someone.say(f"contract-{name}", Grade.SHARED)

    contract = episodes.offer_contract(
        actor=someone.therapist,
        at=AT - 27 * DAY,
        episode_id=someone.episode,
        agreement=Agreement(
            length_minutes=50,
            fee=Decimal("72.50"),
            currency="GBP",
            place=say("place"),
            contact_window=say("window"),
            reply_within=say("reply"),
            channels=say("channels"),
            messages=True,
            crisis=say("crisis"),
            confidentiality=say("confidentiality"),
            records=say("records"),
            complaints=say("complaints"),
        ),
    )
    episodes.record_paper_acceptance(
        actor=someone.therapist,
        at=AT - 27 * DAY,
        episode_id=someone.episode,
        contract_id=contract,
        signed_on=(AT - 27 * DAY).date(),
        signed_by=say("signed-by"),
        crisis_shown=True,
    )
    episodes.begin_therapy(actor=someone.therapist, at=AT - 26 * DAY, episode_id=someone.episode)
    for state in (EpisodeState.PAUSED, EpisodeState.ACTIVE):
        episodes.move_episode(
            actor=someone.therapist,
            at=AT - 25 * DAY,
            episode_id=someone.episode,
            to=state,
            reason=someone.say(f"state-{state}"),
        )
    someone.ids["contract_id"] = str(contract)


def _account(someone: Someone) -> None:
    invite_client(
        actor=someone.therapist,
        at=AT - DAY,
        client_id=someone.client,
        name=f"{CANARY}-{someone.tag}-name",
        email=f"{CANARY}-{someone.tag}-email@mail.example",
        send=True,
    )
    invitation = SingleUseLink.objects.get(client_id=someone.client)
    someone.account = client_account(someone.course, f"{CANARY}-{someone.tag}-name", at=AT - DAY)
    someone.ids |= {"invitation_id": str(invitation.id), "account_id": str(someone.therapist.account)}


def _goals(someone: Someone) -> None:
    client = someone.account
    assert client is not None
    words = someone.say("goal", Grade.SHARED)
    goal = episodes.add_goal(actor=client, at=AT - DAY, episode_id=someone.episode, words_of_client=words, value=3)
    episodes.rate_goal(actor=someone.therapist, at=AT, goal_id=goal, value=5)
    someone.ids["goal_id"] = str(goal)


def _plan(someone: Someone) -> None:
    client = someone.account
    assert client is not None
    steps = {step: (PlanEntry(someone.say(f"plan-{step}", Grade.SHARED), "116 123"),) for step in STEPS}
    safety.write_safety_plan(actor=client, at=AT - DAY, client_id=someone.client, steps=steps, based_on=0)
    safety.rehearse_plan(actor=client, at=AT - DAY, client_id=someone.client)
    someone.ids["plan_token"] = safety.make_plan_link(
        actor=client, at=AT - DAY, client_id=someone.client, kind=LinkKind.PRINTED
    )


def _hour(someone: Someone, start: datetime, name: str) -> UUID:
    return sessions.book_session(
        actor=someone.therapist,
        at=AT - 25 * DAY,
        episode_id=someone.episode,
        start=start,
        end=start + 50 * MINUTE,
        place_words=someone.say(f"place-{name}", Grade.PERSON),
    )


def _hours(someone: Someone) -> None:
    therapist, client = someone.therapist, someone.account
    assert client is not None
    for name, start in (("signed", AT - 14 * DAY), ("draft", AT - 7 * DAY)):
        session = _hour(someone, start, name)
        someone.ids[f"session_{name}"] = str(session)
        sessions.start_session(actor=therapist, at=start, session_id=session)
        sessions.say_how_it_is(actor=client, at=start, session_id=session, side=Side.BEFORE, value=4)
        sessions.end_session(actor=therapist, at=start + 50 * MINUTE, session_id=session)
    cancelled = _hour(someone, AT + 8 * DAY, "cancelled")
    sessions.cancel_session(
        actor=therapist, at=AT, session_id=cancelled, by=CancelledBy.CLIENT, reason=someone.say("cancelled")
    )
    waived(someone.course, cancelled, someone.say("waiver"))
    someone.ids["session_planned"] = str(_hour(someone, AT + 7 * DAY, "planned"))
    running = _hour(someone, AT, "running")
    sessions.start_session(actor=therapist, at=AT, session_id=running)
    someone.ids |= {"session_id": str(running), "session_running": str(running)}


def _notes(someone: Someone) -> None:
    author, say = someone.therapist, someone.say
    signed = sessions.begin_note(actor=author, at=AT, session_id=UUID(someone.ids["session_signed"]))
    sessions.save_note(actor=author, at=AT, note_id=signed, version=1, sections={"text": say("note")})
    sessions.sign_note(actor=author, at=AT, note_id=signed, version=2, head=[("Where", say("note-head"))])
    sessions.add_addendum(
        actor=author, at=AT, note_id=signed, text=say("addendum"), reason=say("addendum-reason"), draft=None
    )
    draft = sessions.begin_note(actor=author, at=AT, session_id=UUID(someone.ids["session_draft"]))
    words = {"text": say("draft-note", Grade.AUTHOR)}
    sessions.save_note(actor=author, at=AT, note_id=draft, version=1, sections=words)
    kept = {"text": say("kept-text", Grade.AUTHOR)}
    sessions.keep_text(actor=author, at=AT, note_id=draft, tab=uuid4(), seq=1, base_version=1, sections=kept)
    someone.ids |= {"note_id": str(draft), "note_signed": str(signed)}
    someone.ids["draft"] = str(NoteDraft.objects.get(note_id=draft).id)


def write_process_notes(someone: Someone) -> None:
    """What only its author may know of."""
    author = someone.therapist

    def say(name: str) -> str:
        return someone.say(f"process-{name}", Grade.AUTHOR)

    process_notes.read_notice(actor=author, at=AT)
    closed = process_notes.begin_process_note(actor=author, at=AT, session_id=UUID(someone.ids["session_signed"]))
    process_notes.save_process_note(actor=author, at=AT, note_id=closed, version=1, text=say("note"))
    process_notes.sign_process_note(actor=author, at=AT, note_id=closed, version=2)
    process_notes.add_to_process_note(actor=author, at=AT, note_id=closed, text=say("addendum"))
    note = process_notes.begin_process_note(actor=author, at=AT, session_id=UUID(someone.ids["session_draft"]))
    process_notes.save_process_note(actor=author, at=AT, note_id=note, version=1, text=say("draft"))
    process_notes.keep_process_text(
        actor=author, at=AT, note_id=note, tab=uuid4(), seq=1, base_version=1, text=say("kept")
    )
    someone.ids |= {"process_note": str(note), "process_signed": str(closed)}
    someone.ids["process_draft"] = str(ProcessDraft.objects.get(note_id=note).id)


def _measures(someone: Someone) -> None:
    therapist, client, say = someone.therapist, someone.account, someone.say
    assert client is not None

    def begin(instrument: str, at: datetime) -> tuple[UUID, UUID]:
        assignment = measures.assign(
            actor=therapist,
            at=at,
            episode_id=someone.episode,
            instrument_id=instrument,
            rhythm=Rhythm.EACH_SESSION,
            reason=say("more-than-the-cap"),
        )
        return assignment, measures.open_form(actor=client, at=at, assignment_id=assignment)

    assignment, done = begin("phq9", AT - 7 * DAY)
    answer: Callable[..., object] = measures.answer_item
    for item in range(1, 10):
        answer(actor=client, at=AT - 7 * DAY, administration_id=done, item=str(item), value=1 if item > 1 else None)
    measures.submit_form(actor=client, at=AT - 7 * DAY, administration_id=done)
    waiting, under_way = begin("gad7", AT)
    answer(actor=client, at=AT, administration_id=under_way, item="1", value=2)
    paper = measures.enter_paper(
        actor=therapist,
        at=AT,
        episode_id=someone.episode,
        instrument_id="phq9",
        answered_on=AT.date(),
        answers={str(item): 1 if item < 9 else None for item in range(1, 10)},
    )
    question = ItemToAsk.objects.get(administration_id=paper)
    given = [{"linkId": "1", "answer": [{"valueInteger": 1}]}]
    file = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": given}
    file["item"] += [
        {"linkId": "2", "answer": [{"valueInteger": 2}]},
        {"linkId": "total", "answer": [{"valueInteger": 6}]},
    ]
    measures.bring_response(
        actor=therapist, at=AT, episode_id=someone.episode, instrument_id="phq2", answered_on=AT.date(),
        raw=json.dumps(file),
    )  # fmt: skip
    safety.say_how_safe(actor=client, at=AT, client_id=someone.client, answer=SafeNow.NOT_SURE)
    alert = Alert.objects.filter(client_id=someone.client).order_by("raised_at").first()
    assert alert is not None
    safety.acknowledge_alert(
        actor=therapist, at=AT, alert_id=alert.id, did=someone.say("alert-did"), contact=Contact.TRIED
    )
    someone.ids |= {"assignment_id": str(waiting), "form_id": str(under_way), "alert_id": str(alert.id)}
    someone.ids |= {"administration_id": str(done)}
    someone.ids |= {"instrument_id": "phq9", "place": "1", "question_id": str(question.id)}
    someone.ids |= {"assignment_done": str(assignment), "form_done": str(done)}


def _thread(someone: Someone) -> None:
    """A course that left what was expected, was thought through and decided upon."""
    totals(someone.course, "gad7", 9, 10, 19)
    read_all()
    fields = {field: FieldThought(Look.SOMETHING, someone.say(f"field-{field}")) for field in Field}
    decided(someone.course, words=someone.say("course-decision"), fields=fields)


def _ending(someone: Someone) -> None:
    def say(name: str) -> str:
        return someone.say(f"ending-{name}")

    who: dict[str, Any] = {"actor": someone.therapist, "at": AT, "episode_id": someone.episode}
    details = EndingDetails(
        kind=EndingKind.PLANNED_MUTUAL,
        work_done=say("work-done"),
        what_helped=say("what-helped"),
        what_did_not=say("what-did-not"),
        relapse_plan=say("relapse-plan"),
        return_route=say("return-route"),
        negative_effects=NegativeEffects.YES,
        negative_words=say("negative-words"),
        final_measures=FinalMeasures.NOT_ASKED,
        reason_no_measures=say("no-measures"),
    )
    endings.record_ending(**who, details=details)
    endings.record_risk_check(**who, said=say("risk"), has_plan=True)
    released = endings.write_letter(**who, text=someone.say("letter", Grade.SHARED))
    endings.release_letter(actor=someone.therapist, at=AT, letter_id=released)
    draft = endings.write_letter(**who, text=someone.say("draft-letter"))
    someone.ids |= {"letter_id": str(draft), "letter_released": str(released)}


def _of_the_office(someone: Someone, manager: Actor) -> None:
    someone.ids["room_id"] = str(add_room(actor=manager, at=AT, name=f"Room {someone.tag}"))
    message = OutboxMessage.objects.filter(client_id=someone.client).first()
    assert message is not None
    someone.ids["message_id"] = str(message.id)
    act = request_act(actor=manager, at=AT, act="erase_client", subject=someone.client, facts={"ground": "asked"})
    someone.ids["act"] = str(act)
    someone.ids["care_id"] = str(CareRelationship.objects.get(client_id=someone.client).id)
