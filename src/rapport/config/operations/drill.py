"""The drill: bringing a backup back where nobody sees it, and looking whether a practice comes out.

A backup nobody has ever brought back is a hope. The drill opens it in a folder of its own, holds every table against
what was saved, brings it up to this version, destroys again what was erased, reads the trail and opens one note.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rapport.config.environment import Installation, InstallationError
from rapport.config.operations.backup import anchor_text, backups_in, read_manifest, unsealed
from rapport.config.operations.copies import Proof, prove, whole_trail
from rapport.config.operations.holds import scratch
from rapport.config.operations.sealed_stream import BackupDamaged
from rapport.practice.organisation.choices import Kept, SafeKind
from rapport.practice.security.keys.root import read_root_key


@dataclass(frozen=True, slots=True)
class Drilled:
    """How a drill went. `opened` is None where there was no note to open."""

    folder: Path
    seconds: float
    proof: Proof | None
    opened: bool | None
    problem: str

    @property
    def good(self) -> bool:
        return not self.problem

    def kept(self, at: datetime) -> Kept:
        rows = self.proof.rows if self.proof else 0
        return Kept(SafeKind.DRILL, at, self.good, str(self.folder), self.seconds, rows, self.problem)


def drill(installation: Installation, folder: Path, *, at: datetime) -> Drilled:
    """Bring one backup back and look at it. What is wrong is said, not raised; the practice itself is not touched."""
    began, proof, opened, problem = time.monotonic(), None, None, ""
    try:
        with scratch(installation) as place:
            anchor = _known_then(installation, datetime.fromisoformat(read_manifest(folder)["made_at"]))
            sums = unsealed(folder, place, read_root_key(installation.root_key_file))
            found: list[bool | None] = []
            proof = prove(place, sums, look=lambda: _look(anchor, at, found))
            opened = found[0]
    except (BackupDamaged, OSError) as wrong:
        problem = str(wrong)
    return Drilled(folder, time.monotonic() - began, proof, opened, problem)


def newest_in(target: Path) -> Path:
    """The newest backup in a folder."""
    found = backups_in(target)
    if not found:
        raise InstallationError(f"There is no backup in {target}.")
    return found[-1]


def _look(anchor: str | None, at: datetime, found: list[bool | None]) -> int:
    from rapport.practice.security.keys.api import replay_erasures
    from rapport.practice.security.policy.actor import SYSTEM
    from rapport.practice.sessions.queries.notes import opens_a_note

    replay_erasures()
    events = whole_trail(anchor)
    found.append(opens_a_note(viewer=SYSTEM, at=at))
    if found[0] is False:
        raise BackupDamaged("A signed note does not open, or is not what was signed.")
    return events


def _known_then(installation: Installation, made_at: datetime) -> str | None:
    """The checkpoints from before the backup was begun: of later ones it cannot know."""
    from rapport.practice.security.audit.notes import SEPARATOR
    from rapport.practice.security.audit.statements import anchored_notes, read_statement

    notes = anchored_notes(anchor_text(installation) or "")
    then = [note for note in notes if read_statement(note.rpartition(SEPARATOR)[0]).at < made_at]
    return "\n".join(then) or None
