"""What is wrong with a machine is told apart by what its parts say, and by asking where they do not."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from rapport.practice.foundation import trouble
from rapport.practice.foundation.trouble import Trouble, trouble_behind


def _behind(cause: object) -> OperationalError:
    problem = OperationalError()
    problem.__cause__ = type("Cause", (Exception,), vars(cause))()
    return problem


@pytest.mark.parametrize(
    ("code", "expected"), [(13, Trouble.FULL), (8, Trouble.READ_ONLY), (8 | 5 << 8, Trouble.READ_ONLY), (5, "other")]
)
def test_sqlite_says_it_by_a_code(code: int, expected: str, tmp_path: Path) -> None:
    assert trouble_behind(_behind(SimpleNamespace(sqlite_errorcode=code)), tmp_path) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [("53100", "full"), ("25006", "read_only"), ("58030", "unreliable"), ("57P03", "away"), (None, "away")],
)
def test_postgresql_says_it_by_a_state(state: str | None, expected: str, tmp_path: Path) -> None:
    assert trouble_behind(_behind(SimpleNamespace(sqlstate=state)), tmp_path) == expected


@pytest.mark.parametrize(
    ("flag", "free", "expected"),
    [(os.ST_RDONLY, 9, Trouble.READ_ONLY), (0, 0, Trouble.FULL), (0, 10**6, Trouble.UNRELIABLE)],
)
def test_where_sqlite_does_not_say_the_disk_is_asked(
    flag: int, free: int, expected: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(f_flag=flag, f_bavail=free, f_frsize=4096)
    monkeypatch.setattr(trouble.os, "statvfs", lambda folder: disk)
    assert trouble_behind(_behind(SimpleNamespace(sqlite_errorcode=10)), tmp_path) == expected


def test_a_fault_of_ours_is_not_the_machines() -> None:
    assert trouble_behind(FileNotFoundError(errno.ENOENT, "no"), Path()) is None
    assert trouble_behind(ValueError(), Path()) is None
    assert trouble_behind(OSError(errno.EMFILE, "no"), Path()) is Trouble.TOO_MANY_FILES
    assert trouble_behind(OperationalError(), Path()) is Trouble.OTHER
