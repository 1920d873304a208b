"""What a page is handed of typing that was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeptTyping:
    """The fields of one form as they were when last kept, in their order; a name may come twice."""

    fields: tuple[tuple[str, str], ...]
    saved_at: datetime
