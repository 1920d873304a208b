"""The words of a note: their sections, their signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from rapport.clinical.sessions.notes import SECTIONS, SIGN_WITHIN_HOURS, NoteFormat, NoteSection

LONGEST_NOTE = 200_000  # characters; far more than anybody types, far less than what would hurt

Sections = Mapping[str, str]
Head = Sequence[tuple[str, str]]  # what stands above a note without being typed: a label and its words


def reshaped(sections: Sections, form: NoteFormat) -> dict[str, str]:
    """The same words in another format: shared sections stay, the rest goes to the first one. Nothing is dropped."""
    wanted = [str(section) for section in SECTIONS[form]]
    kept = {name: sections.get(name, "") for name in wanted}
    others = [text for name, text in sections.items() if name not in wanted and text.strip()]
    first = wanted[0]
    kept[first] = "\n\n".join([*others, kept[first]] if kept[first].strip() else others)
    return kept


def known_sections(sections: Sections) -> dict[str, str]:
    """Only sections that exist, in plain line ends."""
    names = {str(section) for section in NoteSection}
    return {name: text.replace("\r\n", "\n") for name, text in sections.items() if name in names}


def is_empty(sections: Sections) -> bool:
    return not any(text.strip() for text in sections.values())


def is_late(ended: datetime, at: datetime) -> bool:
    """Whether a note is signed later than a note should be."""
    return at - ended > timedelta(hours=SIGN_WITHIN_HOURS)


def hash_of(
    *,
    note_id: UUID,
    salt: bytes,
    text: object,
    form: str,
    signer: UUID,
    signed_at: datetime,
    is_late_entry: bool,
    head: Head = (),
) -> bytes:
    """What a signature holds on to: the words, who, when, and a salt that only those who may read the note have."""
    signed: dict[str, object] = {
        "note": str(note_id),
        "salt": salt.hex(),
        "text": text,
        "format": form,
        "signer": str(signer),
        "signed_at": signed_at.astimezone(UTC).isoformat(),
        "late": is_late_entry,
    }
    if head:
        signed["head"] = [list(line) for line in head]
    return hashlib.sha256(json.dumps(signed, sort_keys=True, ensure_ascii=False).encode()).digest()
