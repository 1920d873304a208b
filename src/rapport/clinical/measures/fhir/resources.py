"""What every FHIR resource has in common: read within bounds, and whatever does not fit named by its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapport.clinical.kernel.errors import ClinicalError

LOINC = "http://loinc.org"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
LARGEST_FILE, MOST_ITEMS, MOST_OPTIONS, DEEPEST, LONGEST_TEXT, HIGHEST = 512_000, 200, 30, 6, 1000, 1000

Json = Mapping[str, Any]


class BadResource(ClinicalError):
    """Something in a FHIR file that Rapport does not take; the field says where."""

    code = "bad_resource"


def bad(field: str, message: str, remedy: str = "Correct the file, or leave this part out.") -> BadResource:
    """A refusal at one place of the file."""
    return BadResource(field, message, remedy)


def resource(raw: str, wanted: str) -> Json:
    """One JSON resource of the wanted type."""
    if len(raw) > LARGEST_FILE:
        raise bad("file", f"It has more than {LARGEST_FILE // 1000} kB.", "Give one form alone.")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise bad("file", "This is not JSON.", "Save the resource as JSON, not as XML.") from error
    if not isinstance(data, dict) or data.get("resourceType") != wanted:
        raise bad("resourceType", f"This is no {wanted}.", f"Give a FHIR {wanted}.")
    return data


def text(data: Json, key: str, where: str, *, required: bool = False) -> str:
    """A string of bounded length."""
    value = data.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise bad(f"{where}{key}", "This is no text, or a very long one.")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
        raise bad(f"{where}{key}", "It holds a sign that no text has.", "Take out NUL signs and halves of signs.")
    if required and not value.strip():
        raise bad(f"{where}{key}", "It is missing.")
    return value.strip()


def objects(data: Json, key: str, where: str, most: int) -> Sequence[Json]:
    """A list of objects of bounded length."""
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise bad(f"{where}{key}", "This is no list.")
    if len(found) > most:
        raise bad(f"{where}{key}", f"There are more than {most}.")
    return found


def walk(data: Json, where: str = "", depth: int = 0) -> Iterator[tuple[str, Json]]:
    """Every item with its place, parents first; those that stand within an answer too."""
    if depth > DEEPEST:
        raise bad(where or "item", f"Groups lie deeper than {DEEPEST} levels.")
    for place, item in enumerate(objects(data, "item", where, MOST_ITEMS)):
        here = f"{where}item[{place}]."
        yield here, item
        yield from walk(item, here, depth + 1)
        for number, answer in enumerate(objects(item, "answer", here, MOST_OPTIONS)):
            yield from walk(answer, f"{here}answer[{number}].", depth + 1)


def loinc(data: Json, where: str) -> str:
    """The LOINC code something carries, or nothing."""
    for coding in objects(data, "code", where, MOST_OPTIONS):
        if coding.get("system") == LOINC:
            return text(coding, "code", where)
    return ""


def ordinal(places: Sequence[Json], where: str) -> int | None:
    """The whole number an answer counts, from whichever of these places carries it."""
    for place in places:
        for extension in objects(place, "extension", where, MOST_OPTIONS):
            if extension.get("url") in (ORDINAL, WEIGHT):
                return whole(extension.get("valueDecimal"), f"{where}extension.valueDecimal")
    return None


def number(value: object, where: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(where, "This is no number.")
    try:
        said = float(value)
    except OverflowError:
        said = math.inf
    if not math.isfinite(said):
        raise bad(where, "This is no number, or one without a size.", "Give a number that an answer can have.")
    return said


def whole(value: object, where: str) -> int:
    """A whole number from 0 on, of a size that an answer has."""
    said = number(value, where)
    if said != int(said) or not 0 <= said <= HIGHEST:
        raise bad(where, f"An answer counts a whole number from 0 to {HIGHEST}.")
    return int(said)
