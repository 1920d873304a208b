"""What kinds of files are kept, and what a page may know of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Told from a file's first bytes, never from its name."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    TEXT = "text"

    @property
    def media_type(self) -> str:
        return {Kind.PDF: "application/pdf", Kind.TEXT: "text/plain; charset=utf-8"}.get(self, f"image/{self}")

    @property
    def ending(self) -> str:
        return {Kind.JPEG: ".jpg", Kind.TEXT: ".txt"}.get(self, f".{self}")

    @property
    def is_picture(self) -> bool:
        return self in {Kind.JPEG, Kind.PNG, Kind.WEBP}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file by name, unopened."""

    id: UUID
    name: str
    kind: Kind
    size: int
    kept_at: datetime

    @property
    def is_picture(self) -> bool:
        return self.kind.is_picture


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file, opened."""

    name: str
    media_type: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
