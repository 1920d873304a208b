"""Typing that was not sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.practice.unsent.actions import keep_typing
from tests.factories.people import AT

if TYPE_CHECKING:
    from tests.factories.world import Someone


def typing_of_the_world(someone: Someone) -> None:
    """The therapist begins a letter, and the client a page; neither is sent."""
    from tests.factories.world import Grade

    at, letter = AT + timedelta(minutes=6), f"/desk/case-letters/{someone.ids['case_letter_id']}/"
    typed = (
        (someone.therapist, letter, someone.say("typed", Grade.AUTHOR)),
        (someone.account, "/portal/speaking/new/written/", someone.say("typed-own", Grade.OWN)),
    )
    for author, place, text in typed:
        if author is not None:
            keep_typing(
                actor=author, at=at, client_id=someone.client, place=place, tab=UUID(int=7), seq=1,
                fields=[("text", text)],
            )  # fmt: skip
