"""What may be kept, and what is taken out of it first."""

from rapport.practice.files.rules.accepting import LARGEST, MOST_BYTES, MOST_FILES, accepted, kept_name, kind_of
from rapport.practice.files.rules.refusals import (
    FileDamaged,
    FileEmpty,
    FileKindUnknown,
    FileLocked,
    FileRefused,
    FileTooLarge,
    NoRoomLeft,
    TooManyPages,
    TooManyPixels,
)
from rapport.practice.files.rules.sealing import card_of, content_of, pieces_of, reachable_files

__all__ = [
    "LARGEST",
    "MOST_BYTES",
    "MOST_FILES",
    "FileDamaged",
    "FileEmpty",
    "FileKindUnknown",
    "FileLocked",
    "FileRefused",
    "FileTooLarge",
    "NoRoomLeft",
    "TooManyPages",
    "TooManyPixels",
    "accepted",
    "card_of",
    "content_of",
    "kept_name",
    "kind_of",
    "pieces_of",
    "reachable_files",
]
