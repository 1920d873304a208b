"""Instruments and answers as FHIR R4B resources, every choice with its ``ordinalValue``.

A LOINC code is written only where it was looked up: a wrong code validates and still lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.fhir.resources import LOINC, ORDINAL
from rapport.clinical.measures.fhir.responses import TOTAL_LINK
from rapport.clinical.measures.instrument import Code, Instrument, Item, Option
from rapport.clinical.measures.scoring import score


def write_questionnaire(instrument: Instrument) -> dict[str, Any]:
    """The form, for those who may have its wording."""
    if not instrument.can_be_asked:
        raise ClinicalError("instrument", "Its wording is not here.", "Only a form that can be asked is written out.")
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "name": instrument.id,
        "title": instrument.title,
        "version": instrument.version,
        "language": instrument.language,
        "copyright": f"{instrument.attribution} {instrument.licence}".strip(),
        **_coded(instrument.loinc_panel),
        "item": [
            *([{"linkId": "stem", "type": "display", "text": instrument.stem}] if instrument.stem else []),
            *(
                {
                    "linkId": _link(item),
                    "type": "choice",
                    "text": item.text,
                    **_coded(item.loinc),
                    "answerOption": [{"valueCoding": _coding(option)} for option in item.options],
                }
                for item in instrument.items
            ),
            {
                "linkId": TOTAL_LINK,
                "type": "decimal",
                "text": "Total",
                "readOnly": True,
                **_coded(instrument.loinc_total),
            },
        ],
    }


def write_response(
    instrument: Instrument, answers: Mapping[str, int | None], authored: datetime | None = None
) -> dict[str, Any]:
    """The answers with the total they come to; no name and no identifier of the person is in it."""
    total = score(instrument, answers).value
    given = [(item, _chosen(item, answers.get(item.key))) for item in instrument.items]
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        **({"authored": authored.isoformat()} if authored else {}),
        "item": [
            *(
                {"linkId": _link(item), "text": item.text, "answer": [{"valueCoding": _coding(option)}]}
                for item, option in given
                if option is not None
            ),
            *([{"linkId": TOTAL_LINK, "answer": [{"valueDecimal": total}]}] if total is not None else []),
        ],
    }


def _link(item: Item) -> str:
    return item.link_id or item.key


def _chosen(item: Item, value: int | None) -> Option | None:
    return next((option for option in item.options if option.value == value), None)


def _coding(option: Option) -> dict[str, Any]:
    counted = [{"url": ORDINAL, "valueDecimal": option.value}]
    code = option.loinc
    if code is not None and code.verified:
        return {"extension": counted, "system": LOINC, "code": code.code, "display": option.label}
    return {"extension": counted, "code": str(option.value), "display": option.label or str(option.value)}


def _coded(code: Code | None) -> dict[str, Any]:
    return {"code": [{"system": LOINC, "code": code.code}]} if code is not None and code.verified else {}
