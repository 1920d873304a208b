"""Keeping a small practice of a version that is released: `python -m tests.upgrade.keep`, once, before the tag.

It is an ordinary backup of an invented practice, with the root key beside it: nobody's words are in it. From then on
`tests/faults/test_upgrade.py` brings it up with every later version. Before a release its migrations may still be
written anew, so a practice kept earlier would be of a version that never existed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from rapport import __version__
from rapport.config.operations import installation as installations
from rapport.config.operations.backup import back_up, restore
from tests.config.whole_practice import Whole, in_files, make_whole
from tests.factories.world import NOW

KEPT = Path(__file__).with_name("kept")
KEY = "root.key.txt"


def kept_practices(place: Path = KEPT) -> list[Path]:
    """What was kept, a folder per version."""
    return sorted(folder for folder in place.glob("*") if folder.is_dir())


def write_kept(whole: Whole, folder: Path) -> None:
    """Save a practice for good."""
    with whole.opened():
        made = back_up(whole.installation, folder, at=NOW)
    for file in made.folder.iterdir():
        file.replace(folder / file.name)
    made.folder.rmdir()
    shutil.copy(whole.installation.root_key_file, folder / KEY)


def read_kept(folder: Path, home: Path) -> Whole:
    """A practice that was kept, as the files of its own version."""
    key = bytes.fromhex((folder / KEY).read_text(encoding="ascii"))
    made = installations.adopt_installation(
        folder, home / "data", vault=home / "vault", origin="http://localhost", key=key
    )
    whole = Whole(made, in_files(made.data))
    with whole.opened():
        restore(folder, made, bring_it_up=False)
    return whole


def main() -> None:
    """Make the practice of this version and keep it."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings.test"
    import django

    django.setup()
    folder = KEPT / __version__
    if folder.exists():
        sys.exit(f"{folder} is there already: a released version is kept once.")
    with tempfile.TemporaryDirectory() as home:
        write_kept(make_whole(Path(home)), folder)
    size = sum(file.stat().st_size for file in folder.iterdir())
    sys.stdout.write(f"Kept: {folder} ({size / 1000:.0f} kB)\n")


if __name__ == "__main__":
    main()
