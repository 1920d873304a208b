"""What of the last note is still open and may be carried into this one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapport.clinical.sessions.notes import NoteSection

OPEN = re.compile(r"^\W*(?:plan|open|next|next time|to do|still open)\b\s*[:.–-]", re.IGNORECASE)


def open_points(sections: Mapping[str, str]) -> str:
    """The plan; without one, the paragraphs that call themselves plan, open, next or to do. Otherwise nothing.

    >>> open_points({"text": "A quiet hour.\\n\\nPlan: ask about the letter."})
    'Plan: ask about the letter.'
    """
    plan = sections.get(NoteSection.PLAN, "").strip()
    if plan:
        return plan
    blocks = (block.strip() for text in sections.values() for block in re.split(r"\n\s*\n", text))
    return "\n\n".join(block for block in blocks if OPEN.match(block))
