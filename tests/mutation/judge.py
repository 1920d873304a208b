"""In the copy: collect the tests once, see which reach which function, then one forked process for each mutant.

`python -m tests.mutation.judge MUTANTS ANSWERS TEST…`: a line of answers for each mutant, `[name, what became of it]`.
A forked process begins with the databases, keys and files that the first one has when it has run every test.
"""

from __future__ import annotations

import doctest
import functools
import gc
import inspect
import json
import os
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from _pytest.doctest import DoctestItem
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from tests.mutation.parts import AND_SECONDS, EXAMPLES, TIMES_AS_LONG

MEMORY = 6 << 30


class Judge:
    """A pytest plugin that runs the tests once as they are, and then against each mutant those that reach it."""

    def __init__(self, mutants: list[tuple[str, str]], answers: Path) -> None:
        self.mutants, self.answers = mutants, answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        from hypothesis import Phase, settings

        found_is_enough = (Phase.explicit, Phase.generate)  # how small an example could be matters to nobody here
        settings.register_profile(
            "mutation", derandomize=True, database=None, max_examples=EXAMPLES, phases=found_is_enough
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reaching, took = self._as_they_are(session.items)
        home = Home()
        gc.freeze()  # what is here already is never garbage: forked processes need not touch it
        if self._against("", session.items, sum(took.values())) != "survived":
            sys.exit("A process without any mutant fails tests: what they say of mutants would mean nothing.")
        with self.answers.open("w", encoding="utf-8") as out:
            for name, function in self.mutants:
                items = sorted(reaching[function], key=lambda item: took[item.nodeid])
                home.restore()
                said = self._against(name, items, sum(took[item.nodeid] for item in items)) if items else "no test"
                out.write(json.dumps([name, said]) + "\n")
                out.flush()
        return True

    def _as_they_are(self, items: list[pytest.Item]) -> tuple[dict[str, list[pytest.Item]], dict[str, float]]:
        reaching: dict[str, list[pytest.Item]] = defaultdict(list)
        took: dict[str, float] = {}
        set_mutant_under_test("stats")
        for item, following in followed(items):
            state()._stats.clear()
            began = time.process_time()
            if failures := failures_of(item, following):
                sys.exit(f"{item.nodeid} fails without any mutant:\n{failures[0]}")
            took[item.nodeid] = time.process_time() - began
            for function in state()._stats:
                reaching[function].append(item)
        set_mutant_under_test("")
        return reaching, took

    def _against(self, name: str, items: list[pytest.Item], seconds: float) -> str:
        child = os.fork()
        if not child:
            _try(name, items, seconds)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            return "timeout" if os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM) else "suspicious"
        return "killed" if os.WEXITSTATUS(status) else "survived"


def _try(name: str, items: list[pytest.Item], seconds: float) -> NoReturn:
    """In the forked process: the quickest test first, until one fails."""
    noticed = 1
    try:
        if name:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        signal.setitimer(signal.ITIMER_PROF, AND_SECONDS + TIMES_AS_LONG * seconds)
        signal.setitimer(signal.ITIMER_REAL, 10 * (AND_SECONDS + TIMES_AS_LONG * seconds))  # one that waits for ever
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        set_mutant_under_test(name)
        for item, following in followed(items):
            if failures := failures_of(item, following):
                if not name:
                    sys.stderr.write(f"{item.nodeid}\n{failures[0]}\n")
                break
        else:
            noticed = 0
    finally:
        os._exit(noticed)


def followed(items: list[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item]]:
    """Each test and what comes next; after the last, all but the session's own fixtures (databases) is put away."""
    session: Any = items[0].session
    return zip(items, [*items[1:], session], strict=True)


_names: dict[str, dict[str, Any]] = {}  # of each doctest, which loses them when it was run


def failures_of(item: pytest.Item, following: pytest.Item) -> list[str]:
    forget()
    if isinstance(item, DoctestItem):
        item.dtest.globs = dict(_names.setdefault(item.nodeid, dict(item.dtest.globs)))
    return [said.longreprtext for said in runtestprotocol(item, log=False, nextitem=following) if said.failed]


def forget() -> None:
    """What a function of ours answered before is not kept from one test to the next."""
    for name, module in list(sys.modules.items()):
        if name.startswith("rapport"):
            for thing in list(vars(module).values()):
                if isinstance(thing, functools._lru_cache_wrapper):
                    thing.cache_clear()


class Home:
    """The folder of the test installation, put back before each mutant. Nothing is open in it when a process forks."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.db import connections

        connections.close_all()
        self._folder = Path(settings.INSTALLATION.data).parent
        self._kept = Path(shutil.copytree(self._folder, Path.cwd() / "home"))

    def restore(self) -> None:
        shutil.rmtree(self._folder)
        shutil.copytree(self._kept, self._folder)


def read_doctests_of_mutated_functions() -> None:
    """A doctest belongs to a module by its function's globals, which a trampoline has not; mutants repeat their own."""
    plain: Any = doctest.DocTestFinder._from_module

    def from_module(self: Any, module: Any, thing: Any) -> bool:
        if "__mutmut_" in getattr(thing, "__name__", ""):
            return False
        return bool(plain(self, module, inspect.unwrap(thing) if inspect.isroutine(thing) else thing))

    doctest.DocTestFinder._from_module = from_module


if __name__ == "__main__":
    set_mutant_under_test("")
    read_doctests_of_mutated_functions()
    given, answers, *tests = sys.argv[1:]
    judge = Judge(json.loads(Path(given).read_text(encoding="utf-8")), Path(answers))
    cheap = ["-q", "-p", "no:cacheprovider", "--tb=native", "--assert=plain"]  # nobody reads why a mutant was killed
    sys.exit(pytest.main([*cheap, "--rootdir=.", *tests], plugins=[judge]))
