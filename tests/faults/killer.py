"""A child that works until it is killed, at a moment that nobody chose, and what it had said until then."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

HALF = ["half"]
Say = Callable[[Any], None]


class WorkerFailed(Exception):
    """The child ended by itself, with an error."""


def killed(work: Callable[[Say], None], *, words: int, after: float) -> list[Any]:
    """Fork, let `work` say so many words, kill it a little later; what it said whole.

    A child that says HALF stands still in the middle of something: it is killed there.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _work(work, write)
    os.close(write)
    said = []
    with os.fdopen(read, "rb") as pipe:
        while len(said) < words and (line := pipe.readline()):
            said.append(line)
            if json.loads(line) == HALF:
                break
        else:
            time.sleep(after)  # it dies in the middle of whatever it does then: a handshake would choose the moment
        os.kill(child, signal.SIGKILL)
        said += pipe
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise WorkerFailed("Its traceback is above.")
    return [json.loads(line) for line in said if line.endswith(b"\n")]


def _work(work: Callable[[Say], None], write: int) -> None:
    status = 1
    try:
        work(lambda word: _say(write, word))
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)  # what the parent has open is not the child's to close


def _say(write: int, word: Any) -> None:
    os.write(write, json.dumps(word).encode() + b"\n")


def stand_still(say: Say) -> None:
    """The power fails here."""
    say(HALF)
    signal.pause()
