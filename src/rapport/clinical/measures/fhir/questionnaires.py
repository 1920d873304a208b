"""A FHIR Questionnaire as an instrument of one practice: the sum of its choices, without bands or norms.

Taken are choices whose answers carry an ``ordinalValue`` (in the option, in its coding, or in a contained value set),
in groups or not; texts to read are passed over; one number item is the form's stated total and never asked. Anything
else is refused by its place: Rapport asks every question or none. Conditions and repetitions are refused wherever they
stand: a group that is passed over would take its condition along.

Which answers need a person is known from LOINC codes and from what was marked when the form was brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from rapport.clinical.measures.fhir.danger import rule_of
from rapport.clinical.measures.fhir.resources import (
    LOINC,
    MOST_ITEMS,
    MOST_OPTIONS,
    Json,
    bad,
    loinc,
    objects,
    ordinal,
    resource,
    text,
    walk,
)
from rapport.clinical.measures.instrument import Code, Instrument, Item, Option, Scale
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.safety.answers import SafetyRule

PASSED_OVER = {"group", "display"}
A_TOTAL = {"decimal", "integer", "quantity"}
LONGEST_VERSION = 16


@dataclass(frozen=True, slots=True)
class Imported:
    """The instrument, and under which name a response states its total ("" if none does)."""

    instrument: Instrument
    total_link: str


def read_questionnaire(raw: str, *, id: str, direction: Direction, licence: str) -> Imported:
    """Read a Questionnaire. ``licence`` is what the practice attests; ``direction`` no Questionnaire says."""
    data = resource(raw, "Questionnaire")
    valuesets = {f"#{one.get('id')}": one for one in objects(data, "contained", "", MOST_OPTIONS)}
    _refuse_conditions(data, "")
    items, rules, total_link, total_loinc = _items(data, valuesets, direction)
    scored = tuple(item.key for item in items)
    low, high = (sum(pick(item.values) for item in items) for pick in (min, max))
    if low >= high:
        raise bad("item", "Its answers leave the total no room.")
    title = text(data, "title", "") or text(data, "name", "", required=True)
    panel = loinc(data, "")
    instrument = Instrument(
        id=id,
        version=_version(text(data, "version", "")),
        language=text(data, "language", "")[:2] or "en",
        title=title[:120],
        short_title=title[:40],
        concept="own",
        tier=3,
        licence=licence,
        attribution=text(data, "copyright", ""),
        source=text(data, "url", "") or title,
        wording_checked=False,
        validated=False,
        total_only=False,
        recall_window="",
        stem="",
        low_label="",
        high_label="",
        items=items,
        scales=(Scale("total", scored, low, high, 1, len(scored) // 10),),
        direction=direction,
        bands=(),
        cut_off=None,
        change=(),
        norms=Norms(low, high, direction),
        loinc_panel=Code(panel, verified=False) if panel else None,
        loinc_total=Code(total_loinc, verified=False) if total_loinc else None,
        safety_rules=rules,
    )
    return Imported(instrument, total_link)


def _version(said: str) -> str:
    """A long version is cut, and ends with a digest of the whole so that two of them stay two."""
    if len(said) <= LONGEST_VERSION:
        return said or "1"
    return f"{said[:7]}~{sha256(said.encode()).hexdigest()[:8]}"


def _items(
    data: Json, valuesets: Mapping[str, Json], direction: Direction
) -> tuple[tuple[Item, ...], tuple[SafetyRule, ...], str, str]:
    found: list[Item] = []
    rules: list[SafetyRule] = []
    links: set[str] = set()
    total_link = total_loinc = ""
    for where, item in walk(data):
        kind, link = text(item, "type", where, required=True), text(item, "linkId", where, required=True)
        if link in links:
            raise bad(f"{where}linkId", f"“{link[:40]}” is there twice.")
        links.add(link)
        _refuse_conditions(item, where)
        if kind in PASSED_OVER:
            continue
        if kind in A_TOTAL and not total_link and _is_total(item, where):
            total_link, total_loinc = link, loinc(item, where)
            continue
        if kind != "choice":
            raise bad(f"{where}type", f"Rapport does not ask “{kind[:20]}”, only choices.")
        options = tuple(_options(item, where, valuesets))
        code = loinc(item, where)
        words = text(item, "text", where, required=True)
        key = str(len(found) + 1)
        one = Item(key, words, options, Code(code, verified=False) if code else None, link_id=link)
        found.append(one)
        if rule := rule_of(one, item, where, direction):
            rules.append(rule)
    if not found or len(found) > MOST_ITEMS:
        raise bad("item", f"There are {len(found)} questions to answer.", f"Give between 1 and {MOST_ITEMS}.")
    return tuple(found), tuple(rules), total_link, total_loinc


def _refuse_conditions(item: Json, where: str) -> None:
    """Everything by which a question would be asked only sometimes, or more than once."""
    conditional = any(
        "enableWhenExpression" in str(one.get("url")) for one in objects(item, "extension", where, MOST_OPTIONS)
    )
    remedy = "Give a form without conditions and repetitions."
    if "enableWhen" in item or conditional:
        raise bad(f"{where}enableWhen", "Rapport asks every question, whatever was answered before.", remedy)
    if item.get("repeats"):
        raise bad(f"{where}repeats", "Rapport asks every question once.", remedy)
    if "modifierExtension" in item:
        raise bad(f"{where}modifierExtension", "It changes the meaning in a way unknown here.", remedy)


def _is_total(item: Json, where: str) -> bool:
    """A number that is computed, or says of itself that it is a total; any other number is a question."""
    computed = any(
        "calculatedExpression" in str(one.get("url")) for one in objects(item, "extension", where, MOST_OPTIONS)
    )
    named = any(word in text(item, "text", where).casefold() for word in ("total", "score"))
    return bool(item.get("readOnly")) or computed or named


def _options(item: Json, where: str, valuesets: Mapping[str, Json]) -> Iterator[Option]:
    seen: set[int] = set()
    offered = list(_offered(item, where, valuesets))
    if not 2 <= len(offered) <= MOST_OPTIONS:
        raise bad(f"{where}answerOption", "A choice has between 2 and 30 answers.")
    for here, coding, places in offered:
        value = ordinal(places, here)
        if value is None:
            raise bad(f"{here}extension", "This answer has no ordinalValue.", "Add what each answer counts.")
        if value in seen:
            raise bad(f"{here}extension", f"Two answers count {value}.")
        seen.add(value)
        code = text(coding, "code", here) if coding.get("system") == LOINC else ""
        label = text(coding, "display", here) or text(coding, "code", here, required=True)
        yield Option(value, label, Code(code, verified=False) if code else None)


def _offered(item: Json, where: str, valuesets: Mapping[str, Json]) -> Iterator[tuple[str, Json, Sequence[Json]]]:
    """Each answer: its place, its coding, and where its number may stand."""
    if "answerValueSet" in item:
        yield from _of_valueset(text(item, "answerValueSet", where), where, valuesets)
        return
    for place, option in enumerate(objects(item, "answerOption", where, MOST_OPTIONS)):
        here = f"{where}answerOption[{place}]."
        coding = option.get("valueCoding")
        if not isinstance(coding, dict):
            raise bad(f"{here}valueCoding", "This answer is no coding.")
        yield here, coding, (option, coding)


def _of_valueset(name: str, where: str, valuesets: Mapping[str, Json]) -> Iterator[tuple[str, Json, Sequence[Json]]]:
    valueset = valuesets.get(name)
    if valueset is None:
        raise bad(f"{where}answerValueSet", f"“{name[:60]}” is not in this file.", "Give a form that contains it.")
    compose, expansion = valueset.get("compose") or {}, valueset.get("expansion") or {}
    if not isinstance(compose, dict) or not isinstance(expansion, dict):
        raise bad(f"contained({name[:60]})", "This value set has the wrong shape.")
    for include in objects(compose, "include", name, MOST_OPTIONS):
        for concept in objects(include, "concept", name, MOST_OPTIONS):
            yield f"{name}.concept.", {"system": include.get("system"), **concept}, (concept,)
    for concept in objects(expansion, "contains", name, MOST_OPTIONS):
        yield f"{name}.contains.", concept, (concept,)
