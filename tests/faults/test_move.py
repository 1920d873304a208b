"""A practice goes to PostgreSQL and comes back equal by hash; killed on the way, it is whole in one place (M9)."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db.models.functions import Upper
from tests.config.whole_practice import Whole, in_files, on_server, tables_made_quickly
from tests.factories.world import NOW
from tests.faults.stopping import in_a_child, kills, spread
from tests.postgres_cluster import Server

from rapport.config.environment import (
    Installation,
    InstallationError,
    read_installation,
    refuse_other_engine,
)
from rapport.config.operations import holds
from rapport.config.operations.arriving import refuse_half_moved
from rapport.config.operations.backup import anchor_text
from rapport.config.operations.copies import Sums, whole_trail
from rapport.config.operations.move import Moved, move_to_postgres, move_to_sqlite
from rapport.config.operations.sealed_stream import BackupDamaged
from rapport.config.operations.stores import Databases
from rapport.practice.security.audit.models import ChainHead

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.fault,
    pytest.mark.xdist_group("whole_practice"),
    pytest.mark.usefixtures("tables_made_quickly"),
]
__all__ = ["tables_made_quickly"]
KILLS, AT_THE_END = kills(3), 4
_ways: list[int] = []  # how many steps a move has, once somebody counted them
_numbers = itertools.count(1)


@pytest.fixture
def place(postgres: Server) -> Databases:
    return on_server(postgres, f"moved_{next(_numbers)}")


def to_postgres(whole: Whole, place: Databases) -> Moved:
    with whole.opened():
        return move_to_postgres(whole.installation, place, at=NOW)


def now(whole: Whole) -> Installation:
    return read_installation(whole.installation.data)


def somebody_acts(whole: Whole, seconds: int) -> set[int]:
    """One more entry about each client, a checkpoint, and the trail is read again; which chains have grown."""
    with whole.opened():
        from rapport.practice.clients.models import Client
        from rapport.practice.security.audit import trail
        from rapport.practice.security.audit.checkpoints import write_checkpoint
        from rapport.practice.security.policy.actor import SYSTEM

        at = NOW + timedelta(seconds=seconds)
        before = dict(ChainHead.objects.values_list("chain", "seq"))
        for client in Client.objects.values_list("id", flat=True):
            trail.reading(actor=SYSTEM, kind="episode", at=at, client=client)
        assert write_checkpoint(at)
        assert whole_trail(anchor_text(whole.installation)) == sum(ChainHead.objects.values_list("seq", flat=True))
        return {chain for chain, seq in ChainHead.objects.values_list("chain", "seq") if seq != before.get(chain)}


def test_there_and_back_is_equal_by_hash(whole_practice: Whole, place: Databases) -> None:
    began = whole_practice.sums()
    moved = to_postgres(whole_practice, place)
    there = Whole(now(whole_practice), place)
    assert there.installation.engine == "postgresql"
    assert moved.sums == there.sums() == began
    assert not (whole_practice.installation.data / "data.sqlite3").exists()
    with pytest.raises(InstallationError, match=r"lies in PostgreSQL\. Set RAPPORT_DATABASE_URL"):
        refuse_other_engine(there.installation)

    grown = somebody_acts(there, 60)
    assert 0 not in grown or len(grown) > 1, "on PostgreSQL entries go to the chain of their client"
    left = there.sums()
    with there.opened():
        move_to_sqlite(there.installation, at=NOW)
    back = Whole(now(whole_practice), in_files(whole_practice.installation.data))
    assert back.installation.engine == "sqlite"
    assert back.sums() == left
    assert somebody_acts(back, 120) == {0}


def test_a_place_that_holds_something_is_refused(whole_practice: Whole, place: Databases) -> None:
    with psycopg.connect(_address(place["keys"]), autocommit=True) as other:
        other.execute("CREATE TABLE somebody (elses int)")
    with pytest.raises(InstallationError, match=r"database \(keys\) is not empty"):
        to_postgres(whole_practice, place)
    assert now(whole_practice).engine == "sqlite"


def test_a_practice_that_is_open_is_not_moved(whole_practice: Whole) -> None:
    """Another process is in it; the lock is that process's."""
    inside = holds._lock_file(whole_practice.installation.data / holds.OPEN)
    holds.fcntl.flock(inside, holds.fcntl.LOCK_SH)
    with pytest.raises(InstallationError, match="The practice is open"):
        holds.come_in(whole_practice.installation, alone=True)
    inside.close()
    holds.come_in(whole_practice.installation, alone=True)
    holds._held.pop(whole_practice.installation.data / holds.OPEN).close()


def test_a_changed_row_would_be_noticed(
    whole_practice: Whole, place: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: PostgreSQL that writes something else than it was given."""
    from rapport.config.operations import tables

    copy = tables.copy_rows

    def badly(model: Any, source: str, target: str) -> None:
        copy(model, source, target)
        if model._meta.label == "organisation.Room":
            model.objects.using(target).update(name=Upper("name"))

    monkeypatch.setattr(tables, "copy_rows", badly)
    with pytest.raises(InstallationError, match="organisation_room has other rows"):
        to_postgres(whole_practice, place)
    assert now(whole_practice).engine == "sqlite"
    with pytest.raises(InstallationError, match="holds half of a practice"), Whole(now(whole_practice), place).opened():
        refuse_half_moved(now(whole_practice))


def test_a_tampered_trail_is_not_taken_along(whole_practice: Whole, place: Databases) -> None:
    with whole_practice.opened():
        ChainHead.objects.update(seq=3)
    with pytest.raises(BackupDamaged, match="The audit trail is not whole"):
        to_postgres(whole_practice, place)
    assert now(whole_practice).engine == "sqlite"


@pytest.mark.parametrize("nth", range(KILLS + AT_THE_END - 1))
def test_killed_on_the_way_it_is_whole_in_one_place(
    kept_practice: Whole, whole_practice: Whole, tmp_path: Path, postgres: Server, place: Databases, nth: int
) -> None:
    """The kills are spread over the whole way; the last four are the steps around the moment that counts."""
    if not _ways:
        first, second = (on_server(postgres, f"way_{next(_numbers)}") for _ in range(2))
        to_postgres(kept_practice.copied(tmp_path / "first"), first)  # Django makes the tables, and is heard
        whole = kept_practice.copied(tmp_path / "second")
        _ways.append(in_a_child(lambda: to_postgres(whole, second)))
    moments = spread(_ways[0], KILLS, last=AT_THE_END)
    step = moments[nth % len(moments)]
    assert in_a_child(lambda: to_postgres(whole_practice, place), step=step) == step - 1
    _one_place(whole_practice, place, kept_practice.sums())


def _one_place(whole: Whole, place: Databases, began: Sums) -> None:
    """Where the practice says it lies, it is whole; elsewhere nobody opens it; what was begun can be finished."""
    if now(whole).engine == "sqlite":
        assert Whole(now(whole), whole.databases).sums() == began
        to_postgres(whole, place)
    there = Whole(now(whole), place)
    with there.opened():
        refuse_half_moved(there.installation)
        whole_trail(anchor_text(there.installation))
    assert there.sums() == began
    assert not (whole.installation.data / "data.sqlite3").exists()


def _address(database: dict[str, Any]) -> str:
    return f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
