"""After each hour: what the client says of it, how freely they could speak, and the ruptures of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from rapport.clinical.alliance.ruptures import Repaired, RuptureKind
from rapport.clinical.alliance.sliders import HIGH, Slider
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.demo.stage import Client, chance_of
from rapport.demo.texts import Words, words
from rapport.practice.alliance.actions import note_rupture, say_after_hour, say_in_words, write_rupture
from rapport.practice.alliance.choices import RuptureMemo, Said, Way, WordsKind
from rapport.practice.alliance.queries import ruptures_of

ANSWERS, SPEAKS = 0.8, 0.4  # how often somebody answers at all, and goes on to the second part
AT_FIRST, SETTLED = 6, 8
SETTLES_IN = 6


def after_hour(client: Client, at: datetime, session_id: UUID, number: int) -> None:
    """What is said right after one hour that was held."""
    chance = chance_of(client.number, number)
    low, comment = _of("low", client, number), _of("comments", client, number)
    if not (low or comment) and chance.random() > ANSWERS:
        return
    way = Way.PORTAL if client.account else chance.choice((Way.HANDED, Way.SPOKEN))
    level = AT_FIRST + (SETTLED - AT_FIRST) * min(number, SETTLES_IN) / SETTLES_IN
    answers: dict[str, int] = {
        slider: min(HIGH, round(level) + chance.choice((-1, 0, 0, 1))) for slider in Slider if chance.random() < 0.95
    }
    answers |= {slider: low[slider] for slider in Slider if slider in low}
    if chance.random() < SPEAKS:
        answers |= {part: min(HIGH, round(level) - 2 + chance.choice((-1, 0, 1, 2))) for part in Freely}
    if answers:
        say_after_hour(actor=client.speaker, at=at, session_id=session_id, answers=answers, way=way)
    if comment:
        said = {WordsKind.COMMENT: Said(comment["text"], eyes_only=comment.get("eyes_only", False))}
        if "most" in comment:
            said[WordsKind.MOST] = Said(comment["most"], comment["most_value"])
        say_in_words(actor=client.speaker, at=at, session_id=session_id, said=said, way=way)


def ruptures(client: Client, at: datetime, session_id: UUID, number: int) -> None:
    """A rupture of this hour is noted; one of an earlier hour that was repaired in this one is written on."""
    story = _of("ruptures", client, number)
    if story:
        memo = note_rupture(
            actor=client.therapist,
            at=at,
            session_id=session_id,
            kind=RuptureKind(story["kind"]),
            minute=story["minute"],
        )
        written = RuptureMemo(
            kind=RuptureKind(story["kind"]),
            minute=story["minute"],
            markers=tuple(story["markers"]),
            impact=story["impact"],
            contribution=story["contribution"],
        )
        write_rupture(actor=client.therapist, at=at, rupture_id=memo, version=1, memo=written)
    repaired = next((one for one in _all("ruptures", client) if one.get("repaired_in") == number), None)
    if repaired:
        _repair(client, at, repaired)


def _repair(client: Client, at: datetime, story: Words) -> None:
    (facts,) = ruptures_of(viewer=client.therapist, at=at, episode_id=client.episode_id)
    memo = replace(
        facts.memo,
        repaired=Repaired.YES,
        strategies=tuple(story["strategies"]),
        client_view=story["client_view"],
    )
    write_rupture(actor=client.therapist, at=at, rupture_id=facts.id, version=facts.version, memo=memo)


def _all(kind: str, client: Client) -> list[Words]:
    return [one for one in words("together")[kind] if one["name"] == client.words["name"]]


def _of(kind: str, client: Client, number: int) -> Words:
    return next((one for one in _all(kind, client) if one["session"] == number), {})
