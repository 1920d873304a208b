"""What every test can count on: two databases, no network, a fixed moment, a browser and a server when present."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests.as_prepared import compared
from tests.emptying import guard_steps_aside
from tests.postgres_cluster import NoPostgres, Server, cluster
from tests.sockets import loopback_only

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.config.whole_practice import Whole

# Machines are slow and noisy: no property may fail for the time it took.
properties.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
WITH_DATABASES = tuple(ROOT / "tests" / folder for folder in ("practice", "web", "guards", "journeys", "demo"))
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keys live in a database of their own, so a test that has one database has both."""
    for item in items:
        own = item.get_closest_marker("django_db")
        if own or any(item.path.is_relative_to(folder) for folder in WITH_DATABASES):
            wishes = {"databases": ["default", "keys"], **(own.kwargs if own else {})}
            item.add_marker(pytest.mark.django_db(**wishes), append=False)


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session", autouse=True)
def _prepared_as_plain() -> Iterator[None]:
    with compared():
        yield


@pytest.fixture(autouse=True)
def _keys_of_this_test() -> None:
    """A key made by an earlier test was rolled back with it, but would stay in memory for a minute."""
    from rapport.practice.security.keys.compartments import forget_keys

    forget_keys()


@pytest.fixture
def at() -> datetime:
    """The moment at which tests happen: Monday 2 March 2026, nine in the morning, UTC."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def guard_away() -> Iterator[None]:
    """Tests that commit for real are emptied afterwards, the audit trail too."""
    with guard_steps_aside():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this worker's own."""
    try:
        with cluster() as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def kept_practice(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Whole:
    """A whole practice in files. Nobody changes it: `whole_practice` is a copy."""
    from tests.config.whole_practice import make_whole

    with django_db_blocker.unblock():
        return make_whole(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def whole_practice(kept_practice: Whole, tmp_path: Path, django_db_blocker: Any) -> Iterator[Whole]:
    """A whole practice in files of its own. Tests with it share a worker: `xdist_group("whole_practice")`."""
    with django_db_blocker.unblock():
        yield kept_practice.copied(tmp_path / "practice")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that starts."""
    names = (os.environ.get("RAPPORT_TEST_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if not found:
        pytest.skip("no Chromium: python3 bootstrap.py test installs or names one")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window at a desk: British English, London time, nobody signed in."""
    context = browser.new_context(
        locale="en-GB", timezone_id="Europe/London", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()
