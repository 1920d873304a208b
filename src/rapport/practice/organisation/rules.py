"""Jurisdiction packs, and what a practice may call itself and when it may work."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from django.utils.translation import gettext as _

from rapport.practice.foundation.once import once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.choices import (
    CrisisContact,
    Jurisdiction,
    Pack,
    PackText,
    PackYears,
    PracticeTerms,
)
from rapport.practice.organisation.models import Practice

PACKS = Path(__file__).with_name("jurisdictions")
NAME_LENGTH, ALIAS_LENGTH, ROOM_LENGTH, PHONE_LENGTH = 120, 60, 60, 40
CONTACT_LENGTH, NOTE_LENGTH, TEXT_LENGTH = 80, 300, 4000
MOST_CONTACTS, MOST_HOLIDAYS = 12, 400
UNFOUNDED_ZONE = ZoneInfo("UTC")
COUNTRIES: dict[str, str] = {Jurisdiction.UK: "GB", Jurisdiction.US: "US"}
REMINDER_HOURS = range(1, 169)
YEARS_KEPT, YEARS_OF_AGE = range(1, 51), range(10, 26)


# What a neutral message never says: whoever sees the screen of a telephone must not learn what the practice does.
TELLING = re.compile(
    r"therap|psych|counsel|clinic|mental|depress|anxi|suicid|trauma|hypno|analy[sz]|behaviou?r|diagnos|patient|disorder"
    r"|session|treatment|symptom|crisis|phq|gad-?7|who-?5|hamilton|questionnaire|score|referral",
    re.IGNORECASE,
)


class PracticeRefused(ValueError):
    """Something about the practice cannot be so. `field` names what; the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@functools.cache
def shipped_pack(jurisdiction: Jurisdiction) -> dict[str, Any]:
    """A jurisdiction pack as it ships, as plain data."""
    return tomllib.loads((PACKS / f"{jurisdiction}.toml").read_text(encoding="utf-8"))


def pack_from(data: dict[str, Any]) -> Pack:
    """A pack from its data."""
    return Pack(
        name=data["name"],
        crisis=tuple(CrisisContact(**contact) for contact in data["crisis"]),
        retention=PackYears(**data["retention"]),
        age_of_consent=PackYears(**data["age_of_consent"]),
        record_rules=PackText(**data["record_rules"]),
        confidentiality=PackText(**data["confidentiality"]),
    )


def shipped_packs() -> dict[Jurisdiction, Pack]:
    """The packs one can begin with."""
    return {jurisdiction: pack_from(shipped_pack(jurisdiction)) for jurisdiction in Jurisdiction}


def is_founded() -> bool:
    """Whether this installation has its practice."""
    return Practice.objects.exists()


_zone = prepared(lambda: Practice.objects.order_by("pk").values_list("zone", flat=True)[:1])


@once
def practice_zone() -> ZoneInfo:
    """The zone of the practice's wall clock."""
    name = next(iter(_zone()), None)
    return ZoneInfo(name) if name else UNFOUNDED_ZONE


def practice_country() -> str | None:
    """Whose national numbers are meant where no country is written: that of the practice's own number or its law."""
    row = Practice.objects.values_list("phone", "jurisdiction").first()
    if row is None:
        return None
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(row[0], None))
    except phonenumbers.NumberParseException:
        return COUNTRIES.get(row[1])


def zone_named(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA list; nothing else is tried, a path least of all."""
    if name not in available_timezones():
        raise PracticeRefused(
            "zone", _("There is no time zone “%(zone)s”. Use a name such as Europe/London.") % {"zone": name}
        )
    return ZoneInfo(name)


def one_line(field: str, text: str, *, longest: int, required: bool = True) -> str:
    """A line of text without control characters; PracticeRefused says what is wrong."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cn"} for character in tidy):
        raise PracticeRefused(field, _("This contains a character that cannot be shown. Type it again."))
    if required and not tidy:
        raise PracticeRefused(field, _("This must not be empty."))
    if len(tidy) > longest:
        raise PracticeRefused(field, _("This is too long: at most %(longest)d characters.") % {"longest": longest})
    return tidy


def passage(field: str, text: str) -> str:
    """A longer text, line breaks kept."""
    lines = [one_line(field, line, longest=TEXT_LENGTH, required=False) for line in text.splitlines()]
    tidy = "\n".join(lines).strip()
    if not tidy or len(tidy) > TEXT_LENGTH:
        raise PracticeRefused(field, _("Write between 1 and %(longest)d characters.") % {"longest": TEXT_LENGTH})
    return tidy


def telling_word(text: str) -> str:
    """The first word part that would tell a stranger what the practice does; empty if there is none."""
    found = TELLING.search(unicodedata.normalize("NFKC", text))
    return found.group() if found else ""


def neutral_alias(text: str) -> str:
    """The name the practice uses in messages."""
    alias = one_line("alias", text, longest=ALIAS_LENGTH)
    if word := telling_word(alias):
        raise PracticeRefused(
            "alias", _("“%(word)s” tells others what you do. Choose a neutral name, such as a street.") % {"word": word}
        )
    return alias


def check_hours(days: frozenset[int], starts: time, ends: time) -> None:
    """Working hours lie within one day, on days that exist."""
    if not days:
        raise PracticeRefused("working_days", _("Choose at least one working day."))
    if not days <= frozenset(range(7)):
        raise PracticeRefused("working_days", _("A working day is one of Monday to Sunday."))
    if starts >= ends:
        raise PracticeRefused("day_ends", _("The working day must end after it begins."))


def check_terms(terms: PracticeTerms) -> dict[str, Any]:
    """The fields of a practice from what was decided, or PracticeRefused."""
    check_hours(terms.working_days, terms.day_starts, terms.day_ends)
    if len(terms.holidays) > MOST_HOLIDAYS:
        raise PracticeRefused("holidays", _("At most %(most)d days. Remove those long past.") % {"most": MOST_HOLIDAYS})
    if terms.reminder_hours is not None and terms.reminder_hours not in REMINDER_HOURS:
        raise PracticeRefused("reminder_hours", _("Remind between 1 and 168 hours before, or leave it empty."))
    return {
        "name": one_line("name", terms.name, longest=NAME_LENGTH),
        "alias": neutral_alias(terms.alias),
        "phone": one_line("phone", terms.phone, longest=PHONE_LENGTH, required=False),
        "zone": zone_named(terms.zone).key,
        "working_days": sorted(terms.working_days),
        "day_starts": terms.day_starts,
        "day_ends": terms.day_ends,
        "holidays": sorted(day.isoformat() for day in terms.holidays),
        "on_call": terms.on_call,
        "reminder_hours": terms.reminder_hours,
        "confirms": terms.confirms,
    }


def check_pack(pack: Pack) -> dict[str, Any]:
    """A pack's data from what the manager edited, or PracticeRefused."""
    if not 1 <= len(pack.crisis) <= MOST_CONTACTS:
        raise PracticeRefused("crisis", _("Keep between 1 and %(most)d crisis contacts.") % {"most": MOST_CONTACTS})
    if pack.retention.years not in YEARS_KEPT:
        raise PracticeRefused("retention", _("Records are kept between 1 and 50 years."))
    if pack.age_of_consent.years not in YEARS_OF_AGE:
        raise PracticeRefused("age_of_consent", _("The age of consent lies between 10 and 25 years."))
    return {
        "name": one_line("name", pack.name, longest=NAME_LENGTH),
        "crisis": [_contact(contact) for contact in pack.crisis],
        "retention": _years("retention", pack.retention),
        "age_of_consent": _years("age_of_consent", pack.age_of_consent),
        "record_rules": _text("record_rules", pack.record_rules),
        "confidentiality": _text("confidentiality", pack.confidentiality),
    }


def _contact(contact: CrisisContact) -> dict[str, Any]:
    number = one_line("crisis", contact.number, longest=PHONE_LENGTH)
    if not any(character.isdigit() for character in number):
        raise PracticeRefused("crisis", _("“%(number)s” is not a telephone number.") % {"number": number})
    return {
        "name": one_line("crisis", contact.name, longest=CONTACT_LENGTH),
        "number": number,
        "hours": one_line("crisis", contact.hours, longest=CONTACT_LENGTH),
        "note": one_line("crisis", contact.note, longest=NOTE_LENGTH, required=False),
        "verified": contact.verified,
    }


def _years(field: str, value: PackYears) -> dict[str, Any]:
    return {
        "years": value.years,
        "note": one_line(field, value.note, longest=NOTE_LENGTH, required=False),
        "source": one_line(field, value.source, longest=NOTE_LENGTH, required=False),
        "verified": value.verified,
    }


def _text(field: str, value: PackText) -> dict[str, Any]:
    return {
        "text": passage(field, value.text),
        "source": one_line(field, value.source, longest=NOTE_LENGTH, required=False),
        "verified": value.verified,
    }
