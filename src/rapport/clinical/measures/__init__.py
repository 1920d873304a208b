"""Measures: instruments as data, their registry, and scoring."""

from rapport.clinical.measures.instrument import Band, ChangeValue, CutOff, Instrument, Item, Option, Scale
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import instruments, load_instrument
from rapport.clinical.measures.scoring import ScaleScore, Scored, band, score, score_total

__all__ = [
    "Band",
    "ChangeValue",
    "CustomMeasure",
    "CutOff",
    "Direction",
    "Instrument",
    "Item",
    "Norms",
    "Option",
    "Scale",
    "ScaleScore",
    "Scored",
    "band",
    "instruments",
    "load_instrument",
    "score",
    "score_total",
]
