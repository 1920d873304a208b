"""What is done with measures."""

from rapport.practice.measures.actions.answering import (
    Answered,
    FormClosed,
    answer_item,
    enter_paper,
    note_asked,
    open_form,
    recompute_scores,
    record_total,
    submit_form,
)
from rapport.practice.measures.actions.assigning import (
    NoSuchPack,
    NoWordingHere,
    add_instrument,
    assign,
    assign_pack,
    end_assignment,
    install_pack,
)
from rapport.practice.measures.actions.bringing import BroughtTotal, bring_totals

__all__ = [
    "Answered",
    "BroughtTotal",
    "FormClosed",
    "NoSuchPack",
    "NoWordingHere",
    "add_instrument",
    "answer_item",
    "assign",
    "assign_pack",
    "bring_totals",
    "end_assignment",
    "enter_paper",
    "install_pack",
    "note_asked",
    "open_form",
    "recompute_scores",
    "record_total",
    "submit_form",
]
