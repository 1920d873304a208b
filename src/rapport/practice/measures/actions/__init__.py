"""What is done with measures."""

from rapport.practice.measures.actions.answering import (
    FormClosed,
    answer_item,
    bring_response,
    enter_paper,
    note_asked,
    open_form,
    recompute_scores,
    record_total,
    submit_form,
)
from rapport.practice.measures.actions.assigning import (
    BadRhythm,
    NoWordingHere,
    SetAsked,
    assign,
    assign_pack,
    assign_set,
    end_assignment,
)
from rapport.practice.measures.actions.bringing import BroughtTotal, bring_totals
from rapport.practice.measures.actions.rescoring import rescore
from rapport.practice.measures.actions.sheets import Answered
from rapport.practice.measures.actions.shelving import (
    AlreadyHere,
    NoSuchPack,
    NotAttested,
    add_instrument,
    bring_wording,
    import_form,
    install_pack,
)

__all__ = [
    "AlreadyHere",
    "Answered",
    "BadRhythm",
    "BroughtTotal",
    "FormClosed",
    "NoSuchPack",
    "NoWordingHere",
    "NotAttested",
    "SetAsked",
    "add_instrument",
    "answer_item",
    "assign",
    "assign_pack",
    "assign_set",
    "bring_response",
    "bring_totals",
    "bring_wording",
    "end_assignment",
    "enter_paper",
    "import_form",
    "install_pack",
    "note_asked",
    "open_form",
    "recompute_scores",
    "record_total",
    "rescore",
    "submit_form",
]
