"""What is said after an hour, memos of ruptures, licensed forms; and all of it for the world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.clinical.alliance.ruptures import Repaired, RuptureKind
from rapport.clinical.alliance.sliders import Slider
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.practice.alliance import actions
from rapport.practice.alliance.choices import RuptureMemo, Said, Way, WordsKind
from tests.factories.people import Course


def said(course: Course, session: UUID, at: datetime, values: Mapping[str, int], comment: str = "") -> None:
    """What the client said aloud after an hour, and their therapist entered."""
    actions.say_after_hour(actor=course.therapist, at=at, session_id=session, answers=values, way=Way.SPOKEN)
    if comment:
        words = {WordsKind.COMMENT: Said(comment)}
        actions.say_in_words(actor=course.therapist, at=at, session_id=session, said=words, way=Way.SPOKEN)


def all_four(value: int) -> dict[str, int]:
    return dict.fromkeys(Slider, value)


def a_rupture(course: Course, session: UUID, at: datetime, repaired: Repaired = Repaired.NO) -> UUID:
    """A memo with words in it."""
    memo = actions.note_rupture(actor=course.therapist, at=at, session_id=session, kind=RuptureKind.WITHDRAWAL)
    actions.write_rupture(
        actor=course.therapist,
        at=at,
        rupture_id=memo,
        version=1,
        memo=RuptureMemo(
            kind=RuptureKind.WITHDRAWAL, impact=3, contribution="I hurried.", markers=("minimal",), repaired=repaired
        ),
    )
    return memo


def fill_alliance(someone: Any) -> None:
    """The step of the world: every sealed column of the alliance holds a token of this client."""
    from tests.factories.world import AT, DAY, MINUTE, Grade

    therapist, client, session = someone.therapist, someone.account, UUID(someone.ids["session_draft"])
    after = AT - 7 * DAY + 55 * MINUTE
    actions.say_after_hour(
        actor=client, at=after, session_id=session, answers={**all_four(6), Freely.FEELINGS: 4, Freely.MIND: 7}
    )
    words = {kind: Said(someone.say(f"closing-{kind}", Grade.SHARED)) for kind in WordsKind}
    actions.say_in_words(actor=client, at=after, session_id=session, said=words)
    private = {WordsKind.COMMENT: Said(someone.say("closing-eyes-only", Grade.AUTHOR), eyes_only=True)}
    actions.say_in_words(
        actor=therapist,
        at=AT - 14 * DAY + 55 * MINUTE,
        session_id=UUID(someone.ids["session_signed"]),
        said=private,
        way=Way.SPOKEN,
    )
    actions.answer_form(actor=therapist, at=AT, session_id=session, form="arm5", answers=dict.fromkeys(range(1, 6), 5))
    actions.bring_wording(
        actor=therapist, at=AT, form="arm5", items=[f"Item {n}" for n in range(1, 6)], permission="A letter"
    )


def write_rupture(someone: Any) -> None:
    """What only its author may know of."""
    from tests.factories.world import AT, Grade

    def say(name: str) -> str:
        return str(someone.say(f"rupture-{name}", Grade.AUTHOR))

    who = {"actor": someone.therapist, "at": AT}
    session = UUID(someone.ids["session_draft"])
    memo = actions.note_rupture(**who, session_id=session, kind=RuptureKind.MIXED)
    written = RuptureMemo(kind=RuptureKind.MIXED, contribution=say("own-part"), client_view=say("client-view"))
    actions.write_rupture(**who, rupture_id=memo, version=1, memo=written)
    someone.ids["rupture_id"] = str(memo)
