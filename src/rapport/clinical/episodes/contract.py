"""The terms of a contract that calculations need: length, frequency, notice and what a missed hour costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rapport.clinical.kernel.errors import OutOfRange

USUAL_LENGTHS: tuple[int, ...] = (30, 45, 50, 60)
DEFAULT_NOTICE_HOURS = 48
LONGEST_SESSION = 240


class MissedCharge(StrEnum):
    """What the contract asks for an hour cancelled late or missed."""

    FULL = "full"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """What client and therapist agreed; ``part`` is the share due when a missed hour costs a part.

    >>> Terms(length_minutes=50, per_week=Decimal(1)).days_between
    Decimal('7')
    """

    length_minutes: int = 50
    per_week: Decimal = Decimal(1)
    fee: Decimal = Decimal(0)
    notice_hours: int = DEFAULT_NOTICE_HOURS
    missed_charge: MissedCharge = MissedCharge.FULL
    part: Decimal = Decimal("0.5")

    def __post_init__(self) -> None:
        checks = (
            ("length_minutes", 1 <= self.length_minutes <= LONGEST_SESSION, "Give 1 to 240 minutes."),
            ("per_week", Decimal("0.25") <= self.per_week <= 5, "Give 0.25 (every four weeks) to 5 a week."),
            ("fee", self.fee >= 0, "Give zero or more."),
            ("notice_hours", 0 <= self.notice_hours <= 24 * 30, "Give 0 to 720 hours."),
            ("part", 0 <= self.part <= 1, "Give a share between 0 and 1."),
        )
        for field, fits, remedy in checks:
            if not fits:
                raise OutOfRange(field, "This term lies outside what can be agreed.", remedy)

    @property
    def days_between(self) -> Decimal:
        """The agreed gap between two sessions, in days."""
        return Decimal(7) / self.per_week
