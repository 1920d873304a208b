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

__all__ = [
    "Answered",
    "FormClosed",
    "NoSuchPack",
    "NoWordingHere",
    "add_instrument",
    "answer_item",
    "assign",
    "assign_pack",
    "end_assignment",
    "enter_paper",
    "install_pack",
    "note_asked",
    "open_form",
    "recompute_scores",
    "record_total",
    "submit_form",
]
