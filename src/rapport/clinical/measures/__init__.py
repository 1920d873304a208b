"""Measures: instruments as data, their registry, scoring, patterns, sets, rhythm and how much may be asked at once."""

from rapport.clinical.measures.burden import Burden, TooMuchAsked, burden
from rapport.clinical.measures.criteria import Pattern, patterns
from rapport.clinical.measures.instrument import Band, ChangeValue, Criterion, CutOff, Instrument, Item, Option, Scale
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.own_text import Wording, with_wording
from rapport.clinical.measures.registry import instruments, load_instrument
from rapport.clinical.measures.rhythm import Occasion, Rhythm, is_due
from rapport.clinical.measures.scoring import ScaleScore, Scored, band, score, score_total
from rapport.clinical.measures.sets import SetForm, measure_sets

__all__ = [
    "Band",
    "Burden",
    "ChangeValue",
    "Criterion",
    "CustomMeasure",
    "CutOff",
    "Direction",
    "Instrument",
    "Item",
    "Norms",
    "Occasion",
    "Option",
    "Pattern",
    "Rhythm",
    "Scale",
    "ScaleScore",
    "Scored",
    "SetForm",
    "TooMuchAsked",
    "Wording",
    "band",
    "burden",
    "instruments",
    "is_due",
    "load_instrument",
    "measure_sets",
    "patterns",
    "score",
    "score_total",
    "with_wording",
]
