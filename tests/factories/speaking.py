"""What clients prepare, choose, make and hand over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.clinical.speaking.ladder import Rung
from rapport.clinical.speaking.openers import Method, Moment, openers
from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking import actions
from rapport.practice.speaking.choices import Comfort, PageKind, PageText, Prepared
from tests.factories.files import a_picture
from tests.factories.people import AT

if TYPE_CHECKING:
    from tests.factories.world import Someone

HOUR = timedelta(hours=1)


def a_page(client: Actor, words: str = "What I could not say.", kind: PageKind = PageKind.WRITTEN) -> UUID:
    """A page only its client can read."""
    return actions.begin_page(actor=client, at=AT, kind=kind, text=PageText("A night", words, (("2019", words),)))


def a_brought_picture(client: Actor, words: str = "The tree") -> UUID:
    return actions.bring_picture(actor=client, at=AT, title="", words=words, name="tree.jpg", content=a_picture())


def make_speaking_easier(someone: Someone) -> None:
    """Everything of this duty: what is shared holds words the carer may read, what is not only its owner's."""
    from tests.factories.world import Grade

    client, therapist, say = someone.account, someone.therapist, someone.say
    if client is None:
        raise LookupError("speaking comes after the account")

    def shared(name: str) -> str:
        return say(f"speaking-{name}", Grade.SHARED)

    coming = UUID(someone.ids["session_planned"])
    actions.prepare_hour(
        actor=client, at=AT + timedelta(days=6), session_id=coming, said=Prepared(shared("useful"), 4, shared("ask"))
    )
    actions.choose_rung(actor=client, at=AT, client_id=someone.client, rung=Rung.SENTENCE, sentence=shared("sentence"))
    comfort = Comfort(seat=shared("seat"), stop_word=shared("stop"), needs=shared("needs"), not_ask=shared("not-ask"))
    actions.set_comfort(actor=client, at=AT, client_id=someone.client, comfort=comfort)
    own = a_page(client, say("speaking-own-page", Grade.OWN))
    handed, read = a_page(client, shared("handed")), a_brought_picture(client, shared("picture"))
    for page in (handed, read):
        actions.hand_page_over(actor=client, at=AT, page_id=page)
    actions.open_handed_page(actor=therapist, at=AT, page_id=read)
    sentence = say("speaking-opener", Grade.AUTHOR)
    opener = actions.add_opener(actor=therapist, at=AT, moment=Moment.STUCK, method=Method.ANY, sentence=sentence)
    actions.star_opener(actor=therapist, at=AT, key=openers()[0].key, starred=True)
    actions.mark_trust_step(actor=therapist, at=AT, episode_id=someone.episode, step=TrustStep.LIMITS, done=True)
    someone.ids |= {"page_own": str(own), "page_handed": str(handed), "page_id": str(read), "opener_id": str(opener)}
