"""A process that dies at a moment one can name: before its nth step, by SIGKILL, nothing closed and nothing tidied.

A step is a statement, a commit, or a file that gets another name: between two of them nothing changes that another
process could see.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NEVER = 10**9
KILLS = "RAPPORT_TEST_KILLS"


def kills(few: int) -> int:
    """How many kills a campaign has: few in the suite, as many as one likes from `python -m tests.faults.moving`."""
    return int(os.environ.get(KILLS, few))


@contextmanager
def dying_before(step: int) -> Iterator[list[int]]:
    """While this lasts, steps are counted, and the process dies before the nth."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    count = [0]

    def counted(whole: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(*given, **named)

        return run

    with pytest.MonkeyPatch.context() as patched:
        places: tuple[tuple[type, str], ...] = (
            (CursorWrapper, "execute"),
            (CursorWrapper, "executemany"),
            (BaseDatabaseWrapper, "_commit"),
            (Path, "replace"),
        )
        for place, name in places:
            patched.setattr(place, name, counted(getattr(place, name)))
        yield count


def in_a_child(work: Callable[[], object], *, step: int = NEVER) -> int:
    """Do something in a process of its own that dies before the nth step; how many steps it lived to see.

    It was killed if that is one less than `step`.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            with dying_before(step) as count:
                work()
            os.write(write, str(count[0]).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return step - 1
    assert os.waitstatus_to_exitcode(status) == 0, "the work failed by itself"
    return int(said)


def spread(steps: int, count: int, *, last: int = 0) -> list[int]:
    """Some of the steps from the first to the last, evenly, and every one of the last few."""
    even = {1 + round(place * (steps - 1) / max(count - 1, 1)) for place in range(count)}
    return sorted(even | set(range(steps - last + 1, steps + 1)))
