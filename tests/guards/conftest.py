"""One world for all tests of a module: every visit is taken back, so that they can share it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories.world import NOW, World, a_world
from tests.guards.visits import Visitor, visitors, without_a_trace

from rapport.practice.foundation import clock
from rapport.practice.security.keys.compartments import forget_keys


@pytest.fixture(scope="module")
def moment() -> Iterator[None]:
    """It stays Monday morning."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOW)
        yield


@pytest.fixture(scope="module")
def databases(moment: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    forget_keys()
    with django_db_blocker.unblock(), without_a_trace():
        yield


@pytest.fixture(scope="module")
def world(databases: None) -> World:
    return a_world()


@pytest.fixture(scope="module")
def people(world: World) -> dict[str, Visitor]:
    return visitors(world)


@pytest.fixture
def _django_db_helper() -> None:
    """Stands in for pytest-django's transaction per test, which would close the connection the world lives in."""
