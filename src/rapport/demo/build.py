"""Building the demo practice: many lives, played in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction

from rapport.demo.between.post import correspond, send_reminders, waive_a_charge
from rapport.demo.diary import Diary
from rapport.demo.free import keep_free_and_wait
from rapport.demo.house import found
from rapport.demo.lives import live
from rapport.demo.notes import keep_snippets
from rapport.demo.stage import YEAR, Client, Scene, Stage, chance_of
from rapport.demo.texts import clients, words
from rapport.demo.threads import follow
from rapport.practice.foundation import clock
from rapport.practice.security.audit import trail

SEED = 20260302
CHAPTER = timedelta(weeks=4)  # kept together, so that the disk is asked a dozen times and not ten thousand


def build_practice(*, progress: Callable[[float], None], at: datetime | None = None, seed: int = SEED) -> None:
    """Invent the practice up to `at`. The same seed tells the same year; only ids and keys differ."""
    stage = Stage(at or clock.now(), ZoneInfo(words("practice")["zone"]), seed)
    progress(0.0)
    _play(stage, [found(stage)], progress)
    diary = Diary(stage)
    cast = [
        Client(about, number, stage.staff[about["therapist"]], chance_of(seed, number))
        for number, about in enumerate(clients(), start=1)
    ]
    lives = (scene for client in cast for scene in (live(stage, diary, client), correspond(stage, client)))
    _play(stage, [keep_snippets(stage), keep_free_and_wait(stage), follow(stage, cast), *lives], progress)
    with transaction.atomic(), trail.gathered_changes():
        waive_a_charge(stage)
        send_reminders(stage)
    progress(1.0)


def _play(stage: Stage, scenes: Iterable[Scene], progress: Callable[[float], None]) -> None:
    """Let every scene act when its moment comes, chapter by chapter; what lies after now does not happen yet."""
    order = count()
    waiting = [(moment, next(order), scene) for scene in scenes for moment in [next(scene, None)] if moment]
    heapq.heapify(waiting)
    while waiting:
        ends = waiting[0][0] + CHAPTER
        with transaction.atomic(), trail.gathered_changes():
            while waiting and waiting[0][0] < ends:
                moment, _, scene = heapq.heappop(waiting)
                if moment > stage.at:
                    scene.close()
                elif (following := next(scene, None)) is not None:
                    heapq.heappush(waiting, (following, next(order), scene))
        progress(min(0.99, max(0.0, (ends - stage.begins) / YEAR)))
