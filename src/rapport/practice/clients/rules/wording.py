"""Names, dates of birth, addresses and numbers as people really have them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

NAME_LENGTH, LINE_LENGTH, PASSAGE_LENGTH = 200, 200, 2000
OLDEST, FIRST_YEAR = 125, 1900
MOST_MARKS = 4  # more accents on one letter are no name but a way to spill over the page
PHONE_DIGITS = range(3, 16)

_INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0x00AD])
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DATE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2}))|(?:(?P<d2>\d{1,2})[./ ](?P<m2>\d{1,2})[./ ](?P<y2>\d{4}))"
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class DetailRefused(ValueError):
    """Something about a client cannot be so. `field` names what; the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def line(field: str, text: str, *, longest: int = LINE_LENGTH) -> str:
    """A line as it was meant: one form of each letter, single spaces, nothing invisible."""
    return _tidy(field, " ".join(text.translate(_INVISIBLE).split()), longest)


def passage(field: str, text: str, *, longest: int = PASSAGE_LENGTH) -> str:
    """Several lines, line breaks kept."""
    lines = [" ".join(part.translate(_INVISIBLE).split()) for part in text.splitlines()]
    return _tidy(field, "\n".join(lines).strip(), longest)


def _tidy(field: str, text: str, longest: int) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in text):
        raise DetailRefused(field, _("This contains a character that cannot be shown. Type it again."))
    tidy = unicodedata.normalize("NFC", text)
    if _TURNING & set(tidy):
        raise DetailRefused(field, _("This contains a hidden character that turns text around. Type it again."))
    if len(tidy) > longest:
        raise DetailRefused(field, _("This is too long: at most %(longest)d characters.") % {"longest": longest})
    return tidy


def name(text: str, field: str = "name") -> str:
    """A person's name. One word is a name, and so are O’Brien, Null and 李."""
    tidy = line(field, text, longest=NAME_LENGTH)
    if not tidy:
        raise DetailRefused(field, _("Write a name. One word is enough."))
    if not any(character.isalpha() for character in tidy):
        raise DetailRefused(field, _("A name has at least one letter."))
    if _longest_run_of_marks(tidy) > MOST_MARKS:
        raise DetailRefused(field, _("There are too many accents on one letter. Type the name again."))
    return tidy


def _longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for character in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


def folded(text: str) -> str:
    """A text for searching: without case, accents and the two ways to write one letter."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("ı", "i").replace("’", "'").casefold().split())


def date_of_birth(text: str, today: date, field: str = "date_of_birth") -> date | None:
    """A date of birth as typed (1990-02-28, 28/2/1990 or 28.2.1990), or None if nothing was typed."""
    typed = line(field, text)
    if not typed:
        return None
    found = _DATE.fullmatch(typed)
    if not found:
        raise DetailRefused(
            field, _("“%(typed)s” is not a date. Write day/month/year, such as 28/2/1990.") % {"typed": typed}
        )
    parts = found.groupdict()
    year, month, day = (int(parts[key] or parts[f"{key}2"]) for key in ("y", "m", "d"))
    return lived(_date(field, year, month, day), today, field)


def _date(field: str, year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise DetailRefused(field, _("There is no month %(month)d.") % {"month": month})
    try:
        return date(year, month, day)
    except ValueError:
        written = f"{day} {_(_MONTHS[month - 1])} {year}"
        raise DetailRefused(field, _("There is no %(date)s.") % {"date": written}) from None


def lived(born: date, today: date, field: str = "date_of_birth") -> date:
    """A date on which somebody alive today can have been born."""
    if born > today:
        raise DetailRefused(field, _("This day has not come yet. Check the year."))
    if born.year < FIRST_YEAR or today.year - born.year > OLDEST:
        raise DetailRefused(field, _("Nobody alive was born so long ago. Check the year."))
    return born


def email(text: str, field: str = "email") -> str:
    """An e-mail address in the one form it is kept in, or nothing if nothing was typed."""
    typed = unicodedata.normalize("NFKC", line(field, text))
    if not typed:
        return ""
    local, _at, domain = typed.rpartition("@")
    try:
        tidy = f"{local}@{domain.encode('idna').decode().lower()}"
        validate_email(tidy)
    except (UnicodeError, ValidationError):
        raise DetailRefused(
            field, _("“%(typed)s” is not an e-mail address. It looks like name@example.org.") % {"typed": typed}
        ) from None
    return tidy


def phone(text: str, field: str = "phone") -> str:
    """A telephone number as digits, with + before a country code, or nothing if nothing was typed."""
    typed = unicodedata.normalize("NFKC", line(field, text))
    if not typed:
        return ""
    bare = re.sub(r"[\s().\-/\u2010-\u2015]", "", typed.replace("(0)", "") if typed.startswith(("+", "00")) else typed)
    tidy = "+" + bare[2:] if bare.startswith("00") else bare
    digits = tidy.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in PHONE_DIGITS:
        raise DetailRefused(
            field,
            _("“%(typed)s” is not a telephone number. Write digits, such as +44 20 7946 0958.") % {"typed": typed},
        )
    return tidy
