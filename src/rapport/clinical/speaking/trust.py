"""What helps trust in the first three sessions: a list to remember by, never a score."""

from __future__ import annotations

from enum import StrEnum

FIRST_SESSIONS = 3


class TrustStep(StrEnum):
    """Something said or asked, in the order in which it usually comes up."""

    LIMITS = "limits"  # the limits of confidentiality, in own words
    NOTES = "notes"  # what is written down and who reads it
    CHOICE = "choice"  # a choice was offered
    BEFORE = "before"  # what hurt in earlier therapies
    LEAVING = "leaving"  # what would make the client leave
    DISAGREEING = "disagreeing"  # how to disagree


def is_time_for_trust(sessions_begun: int) -> bool:
    """Whether the list belongs on the prep card: before the first three sessions.

    >>> [is_time_for_trust(n) for n in (0, 2, 3)]
    [True, True, False]
    """
    return sessions_begun < FIRST_SESSIONS
