"""A FHIR QuestionnaireResponse: its answers, and its stated total checked against them.

The total is never taken on trust: a well-known HL7 example states 13 for a PHQ-9 whose answers sum to 10.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapport.clinical.measures.fhir.resources import Json, bad, number, objects, ordinal, resource, text, walk, whole
from rapport.clinical.measures.instrument import Instrument, Item
from rapport.clinical.measures.scoring import BadAnswer, Scored, check_answer, score

TOLERANCE = 1e-9
TOTAL_LINK = "total"
TAKEN = ("completed", "amended")


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """The answers by item, the score they come to, the total the file states (None if it states none), and its date."""

    answers: Mapping[str, int | None]
    scored: Scored
    stated: float | None
    authored: str

    @property
    def disagrees(self) -> bool:
        """Whether the stated total is not what the answers come to."""
        return self.stated is not None and (
            self.scored.value is None or abs(self.stated - self.scored.value) > TOLERANCE
        )


def read_response(raw: str, instrument: Instrument, total_link: str = "") -> ReadResponse:
    """Read the answers to one instrument. Items are known by their link, or by the LOINC code it is made of."""
    data = resource(raw, "QuestionnaireResponse")
    _check_status(text(data, "status", ""))
    by_link = {item.link_id or item.key: item for item in instrument.items}
    by_code = {item.loinc.code: item for item in instrument.items if item.loinc}
    answers: dict[str, int | None] = {}
    stated: float | None = None
    for where, entry in walk(data):
        link = text(entry, "linkId", where, required=True)
        item = by_link.get(link) or by_code.get(link.rsplit("/", 1)[-1])
        if item is None:
            stated = _stated(entry, link, instrument, total_link, where, stated)
            continue
        if link == item.key and not _same_words(text(entry, "text", where), item.text):
            raise bad(f"{where}text", f"“{link[:40]}” asks something else.", "Choose the instrument it answers.")
        if item.key in answers:
            raise bad(f"{where}linkId", f"“{link[:40]}” was answered twice.")
        answers[item.key] = _answer(entry, item, where)
    if not answers:
        raise bad("item", "None of its questions belongs to this instrument.", "Choose the instrument it answers.")
    return ReadResponse(answers, score(instrument, answers), stated, text(data, "authored", ""))


def _check_status(status: str) -> None:
    """Only what somebody finished comes in: the rest was withdrawn, or is not yet what the person wants to say."""
    if not status:
        raise bad("status", "It does not say whether the form was finished.", "Give a file whose status is completed.")
    if status not in TAKEN:
        said = f"Its status is “{status[:20]}”: it was not finished, or it was withdrawn."
        raise bad("status", said, "Give the completed or amended form.")


def _same_words(said: str, ours: str) -> bool:
    """A bare number is a weak name: where words are given as well, they must be the same."""
    bare = [" ".join(re.findall(r"\w+", words.casefold())) for words in (said, ours)]
    return not all(bare) or bare[0] == bare[1]


def _stated(
    entry: Json, link: str, instrument: Instrument, total_link: str, where: str, before: float | None
) -> float | None:
    known = {total_link or TOTAL_LINK}
    if instrument.loinc_total:
        known.add(instrument.loinc_total.code)
    if link not in known and link.rsplit("/", 1)[-1] not in known:
        if objects(entry, "answer", where, 1):
            raise bad(f"{where}linkId", f"“{link[:40]}” is no question of {instrument.short_title}.")
        return before
    for answer in objects(entry, "answer", where, 1):
        value = answer.get("valueDecimal", answer.get("valueInteger"))
        if isinstance(answer.get("valueQuantity"), dict):
            value = answer["valueQuantity"].get("value")
        return number(value, f"{where}answer")
    return before


def _answer(entry: Json, item: Item, where: str) -> int | None:
    given = objects(entry, "answer", where, 2)
    if not given:
        return None
    if len(given) > 1:
        raise bad(f"{where}answer", "One question has several answers.")
    coding = given[0].get("valueCoding")
    numbers = set(_numbers(given[0], coding, item, where))
    if len(numbers) != 1:
        raise bad(f"{where}answer", "Its number is missing, or its code and its number disagree.")
    try:
        return check_answer(item, numbers.pop())
    except BadAnswer as error:
        raise bad(f"{where}answer", error.message, error.remedy) from error


def _numbers(answer: Json, coding: object, item: Item, where: str) -> list[int]:
    """What the answer counts, said by its extension, by its code, or as a number."""
    found: list[int] = []
    if isinstance(coding, dict):
        if (said := ordinal((answer, coding), where)) is not None:
            found.append(said)
        code = coding.get("code")
        found += [option.value for option in item.options if option.loinc and option.loinc.code == code]
    elif "valueInteger" in answer or "valueDecimal" in answer:
        found.append(whole(answer.get("valueInteger", answer.get("valueDecimal")), f"{where}answer"))
    return found
