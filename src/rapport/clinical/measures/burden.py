"""How much may be asked at once.

House rule, not a validated cut-off: 60 questions at the beginning, when everything but reviews and endings is due at
once, and on a day on which longer forms fall together with those of each session; 15 before an ordinary session.
Whoever asks for more says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.rhythm import Rhythm

AT_ONCE, BEFORE_A_SESSION = 60, 15


class TooMuchAsked(ClinicalError):
    """More questions than a person should meet at once."""

    code = "too_much_asked"

    def __init__(self, asked: int, most: int) -> None:
        super().__init__("instrument", f"That makes {asked} questions, {most} are the most.", "Ask less, or say why.")
        self.asked = asked
        self.most = most


@dataclass(frozen=True, slots=True)
class Burden:
    """How many questions come together: at the beginning, before each session, on the fullest day later on."""

    at_once: int
    each_session: int
    fullest_day: int

    @property
    def excess(self) -> TooMuchAsked | None:
        """What is too much, the session first."""
        return self.excess_beside(NOTHING)

    def excess_beside(self, before: Burden) -> TooMuchAsked | None:
        """What has become too much: more than the cap and more than before."""
        for asked, was, most in (
            (self.each_session, before.each_session, BEFORE_A_SESSION),
            (self.at_once, before.at_once, AT_ONCE),
            (self.fullest_day, before.fullest_day, AT_ONCE),
        ):
            if asked > most and asked > was:
                return TooMuchAsked(asked, most)
        return None


NOTHING = Burden(0, 0, 0)


def burden(asked: Iterable[tuple[Rhythm, int]]) -> Burden:
    """Count the questions of forms by their rhythm.

    >>> burden([(Rhythm.EACH_SESSION, 5), (Rhythm.EACH_SESSION, 10), (Rhythm.MONTHLY, 20)]).fullest_day
    35
    >>> burden([(Rhythm.ONCE, 40), (Rhythm.EACH_SESSION, 10), (Rhythm.MONTHLY, 20)]).at_once
    70
    >>> burden([(Rhythm.EACH_SESSION, 16)]).excess.most
    15
    """
    pairs = list(asked)

    def count(*rhythms: Rhythm) -> int:
        return sum(items for rhythm, items in pairs if rhythm in rhythms)

    each = count(Rhythm.EACH_SESSION)
    again = count(Rhythm.EVERY_N, Rhythm.MONTHLY, Rhythm.AT_REVIEW)
    first = count(Rhythm.ONCE, Rhythm.EACH_SESSION, Rhythm.EVERY_N, Rhythm.MONTHLY)
    return Burden(first, each, each + max(again, count(Rhythm.AT_END)))
