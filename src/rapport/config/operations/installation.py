"""Making an installation: its folder, its vault, its root key and the sheet that brings the key back."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import uuid
from pathlib import Path

from rapport import __version__
from rapport.config.environment import (
    INSTALLATION_FILE,
    Installation,
    InstallationError,
    named_engine,
    read_installation,
    refuse_other_engine,
)
from rapport.config.operations.holds import KEEPING, OPEN, come_in
from rapport.practice.security.audit.notes import SIGNING_KEY, write_signing_key
from rapport.practice.security.keys.root import KEY_BYTES, derive, read_root_key, write_root_key

SHEET = "recovery-sheet.txt"
GROUP = 8


def default_vault(practice_id: str) -> Path:
    """Beside the user's other settings: never in the data folder, never in its backups."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "rapport" / practice_id


def create_installation(
    data: Path, *, vault: Path | None, demo: bool, origin: str, key: bytes | None = None
) -> Installation:
    """Make the folders and keys of a new practice; refuse a folder that holds anything already."""
    if data.exists() and any(data.iterdir()):
        raise InstallationError(f"{data} is not empty. Choose an empty folder for the practice.")
    practice_id = str(uuid.uuid4())
    vault = (vault or default_vault(practice_id)).resolve()
    _refuse_vault_inside(data, vault)
    make_vault(vault, practice_id, key)
    return _write_installation(data, vault, practice_id, demo=demo, origin=origin)


def adopt_installation(folder: Path, data: Path, *, vault: Path | None, origin: str, key: bytes | None) -> Installation:
    """Make an empty installation for the practice a backup is of, with its old vault or from its recovery code."""
    try:
        practice_id = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["practice"]
    except (OSError, ValueError, KeyError):
        raise InstallationError(f"{folder} is not a Rapport backup.") from None
    if data.exists() and any(data.iterdir()):
        raise InstallationError(f"{data} is not empty. Choose an empty folder for the practice.")
    vault = (vault or default_vault(practice_id)).resolve()
    _refuse_vault_inside(data, vault)
    if key is not None:
        make_vault(vault, practice_id, key)
    elif not (vault / "root.key").exists():
        raise InstallationError(f"There is no root key in {vault}. Name the vault, or use --recovery-code.")
    return _write_installation(data, vault, practice_id, demo=False, origin=origin)


def abandon(installation: Installation, *, with_vault: bool) -> None:
    """Take back an installation that came to nothing, so that the same folder can be tried with another backup."""
    for name in (INSTALLATION_FILE, OPEN, KEEPING):
        (installation.data / name).unlink(missing_ok=True)
    if with_vault:
        for name in ("root.key", SIGNING_KEY, SHEET):
            (installation.vault / name).unlink(missing_ok=True)


def _refuse_vault_inside(data: Path, vault: Path) -> None:
    if data.resolve() == vault or data.resolve() in vault.parents:
        raise InstallationError(f"The vault {vault} lies inside the data folder. Choose another place with --vault.")


def _write_installation(data: Path, vault: Path, practice_id: str, *, demo: bool, origin: str) -> Installation:
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = {"id": practice_id, "vault": str(vault), "demo": demo, "origin": origin, "engine": named_engine()}
    (data / INSTALLATION_FILE).write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return read_installation(data)


def make_vault(vault: Path, practice_id: str, key: bytes | None = None) -> None:
    """Make the vault with its root key and the key that signs audit checkpoints."""
    vault.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (vault / "root.key").exists():
        raise InstallationError(f"{vault} holds a root key already. Choose another place with --vault.")
    root = write_root_key(vault / "root.key", key)
    write_signing_key(vault, derive(root, "rapport audit signing"))
    sheet = vault / SHEET
    sheet.touch(mode=0o600)
    sheet.write_text(recovery_sheet(root, practice_id), encoding="utf-8")


def recovery_code(root: bytes) -> str:
    """The root key as one can copy it by hand: groups of eight, the last one a check sum."""
    text = root.hex() + hashlib.sha256(root).hexdigest()[:GROUP]
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read_recovery_code(code: str) -> bytes:
    """The root key from a typed code; an InstallationError says when a group was mistyped."""
    text = "".join(character for character in code.lower() if character in "0123456789abcdef")
    try:
        root = bytes.fromhex(text[: 2 * KEY_BYTES])
    except ValueError:
        root = b""
    if len(root) != KEY_BYTES or recovery_code(root).replace("-", "") != text:
        raise InstallationError("The recovery code is mistyped. Compare it with the sheet, group by group.")
    return root


def recovery_sheet(root: bytes, practice_id: str) -> str:
    """What to print and lock away."""
    return f"""RAPPORT RECOVERY SHEET                                        practice {practice_id}

Without the code below nobody, not even you, can read this practice's records or its backups.

  1. Print this sheet.
  2. Lock it away where your backups are not.
  3. Delete this file. The practice does not need it to run.

{_in_rows(recovery_code(root))}

To bring a practice back on a new machine:
  rapport restore BACKUP --data FOLDER --recovery-code
"""


def _in_rows(code: str) -> str:
    groups = code.split("-")
    return "\n".join("    " + "-".join(groups[start : start + 3]) for start in range(0, len(groups), 3))


def activate(installation: Installation, *, alone: bool = False) -> None:
    """Make this the installation Django runs on. Once per process."""
    come_in(installation, alone=alone)
    os.environ["RAPPORT_DATA"] = str(installation.data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings.production"
    os.umask(0o077)
    read_root_key(installation.root_key_file)
    refuse_other_engine(installation)
    from rapport.config.operations.arriving import finish_arrival

    finish_arrival(installation)
    import django

    django.setup()


def prepare() -> None:
    """Bring the databases and the static files up to this version; destroy again what was erased."""
    from django.conf import settings
    from django.core.management import call_command

    from rapport.config.operations.arriving import refuse_half_moved
    from rapport.config.operations.upgrade import bring_up
    from rapport.practice.security.keys.api import replay_erasures

    refuse_half_moved(settings.INSTALLATION)
    bring_up()
    replay_erasures()
    stamp = Path(settings.STATIC_ROOT) / ".version"
    wanted = f"{__version__} {sys.version_info[:2]} {_newest_static()}"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(wanted, encoding="utf-8")


def _newest_static() -> float:
    """When the newest static file of this checkout changed, so that an edit is served after a restart."""
    web = Path(__file__).resolve().parents[2] / "web"
    return max((file.stat().st_mtime for file in web.glob("*/static/**/*") if file.is_file()), default=0.0)
