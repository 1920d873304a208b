"""How invented clients prepare their hours, choose a step, and make what is hard to say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rapport.clinical.speaking.ladder import Rung
from rapport.clinical.speaking.trust import FIRST_SESSIONS, TrustStep
from rapport.demo.stage import Client
from rapport.demo.texts import words
from rapport.practice.speaking.actions import (
    begin_page,
    choose_rung,
    hand_page_over,
    mark_trust_step,
    open_handed_page,
    prepare_hour,
    set_comfort,
)
from rapport.practice.speaking.choices import Comfort, PageKind, PageText, Prepared

MINUTE = timedelta(minutes=1)
EARLY = 40 * MINUTE


def _of(kind: str, place: int) -> Any:
    """One of the texts of a kind; who gets which depends on who they are, not on chance."""
    texts = words("speaking")[kind]
    return texts[place % len(texts)]


def prepares(client: Client, number: int) -> bool:
    """Some clients prepare some hours, in the portal."""
    on_paper = client.account is None or client.words.get("answers") == "paper"
    return not on_paper and (client.number + number) % 4 == 0


def before_hour(client: Client, at: datetime, session_id: UUID, number: int) -> None:
    """The three questions, and today's step."""
    if client.account is None:
        return
    place = client.number + number
    ask = _of("ask", place) if number % 2 else ""
    said = Prepared(_of("useful", place), 3 + place % 6, ask)
    prepare_hour(actor=client.account, at=at, session_id=session_id, said=said)
    who: dict[str, Any] = {"actor": client.account, "at": at + MINUTE, "client_id": client.known.client_id}
    if number % 3 == 0:
        choose_rung(**who, rung=Rung.CARD, cards=tuple(_of("cards", place)))
    elif number % 3 == 1:
        choose_rung(**who, rung=Rung.SENTENCE, sentence=_of("sentences", place))


def after_hour(client: Client, at: datetime, number: int) -> None:
    """Trust in the first sessions; comfort in the first; a page now and then."""
    if number <= FIRST_SESSIONS:
        for step in tuple(TrustStep)[2 * number - 2 : 2 * number]:
            mark_trust_step(actor=client.therapist, at=at, episode_id=client.episode_id, step=step, done=True)
    if number == 1 and client.number % 3 == 1:
        comfort = Comfort(**_of("comfort", client.number // 3))
        set_comfort(actor=client.speaker, at=at, client_id=client.known.client_id, comfort=comfort)
    if number == FIRST_SESSIONS + 1 and client.account is not None and client.number % 4 == 1:
        _hand_over(client, at)


def _hand_over(client: Client, at: datetime) -> None:
    """One page is handed over and opened, one waits, one stays the client's own."""
    account = client.account
    if account is None:
        return
    for place, page in enumerate(words("speaking")["pages"]):
        lines = tuple((when, what) for when, what in page.get("moments", ()))
        text = PageText(page["title"], page.get("words", "").strip(), lines)
        page_id = begin_page(actor=account, at=at + place * MINUTE, kind=PageKind(page["kind"]), text=text)
        if place < 2:
            hand_page_over(actor=account, at=at + 4 * MINUTE, page_id=page_id)
        if place == 0:
            open_handed_page(actor=client.therapist, at=at + 5 * MINUTE, page_id=page_id)
