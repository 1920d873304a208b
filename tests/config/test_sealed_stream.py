"""A backup that was cut, swapped, changed or made by another practice is refused before anything is put down."""

from __future__ import annotations

import io
import secrets

import pytest

from rapport.config.environment import InstallationError
from rapport.config.operations import sealed_stream
from rapport.config.operations.installation import read_recovery_code, recovery_code
from rapport.config.operations.sealed_stream import BackupDamaged, open_stream, seal_stream

ROOT = secrets.token_bytes(32)


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    seal_stream(io.BytesIO(content), out, ROOT)
    return out.getvalue()


def opened(blob: bytes, root: bytes = ROOT) -> bytes:
    return b"".join(open_stream(io.BytesIO(blob), root))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "PIECE", 64)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_what_goes_in_comes_out(size: int) -> None:
    content = secrets.token_bytes(size)
    assert opened(sealed(content)) == content


def test_every_flipped_byte_is_noticed() -> None:
    blob = sealed(bytes(200))
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(BackupDamaged):
            opened(bytes(changed))


def test_a_backup_cut_at_any_place_is_noticed() -> None:
    blob = sealed(bytes(200))
    for length in range(len(blob)):
        with pytest.raises(BackupDamaged):
            opened(blob[:length])


def test_another_practices_key_does_not_open_it() -> None:
    with pytest.raises(BackupDamaged):
        opened(sealed(b"x"), secrets.token_bytes(32))


def test_a_recovery_code_survives_being_typed_and_shows_a_slip() -> None:
    code = recovery_code(ROOT)
    assert read_recovery_code(code.upper().replace("-", " ")) == ROOT
    slip = ("1" if code[0] == "0" else "0") + code[1:]
    with pytest.raises(InstallationError, match="mistyped"):
        read_recovery_code(slip)
    with pytest.raises(InstallationError, match="mistyped"):
        read_recovery_code(code[:-1])
