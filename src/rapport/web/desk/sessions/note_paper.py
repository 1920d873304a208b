"""A note as PDF: its words with initials for other people's names, who signed when, what was added, the hash."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.practice.organisation.queries import practice
from rapport.practice.sessions.queries import AddendumFacts, NoteFacts
from rapport.web.components.letters.note import NotePaper, Part, note_pdf
from rapport.web.desk.sessions.marked import blocks_of
from rapport.web.desk.sessions.note_page import reading
from rapport.web.doors.page import PageRequest


def paper_of(request: PageRequest, facts: NoteFacts) -> bytes:
    """The paper of a note."""
    here = practice(viewer=request.actor, at=request.at)
    with timezone.override(here.zone):
        shown = reading(request, facts, initials=True)
        parts = [Part("" if shown["is_free"] else str(title), blocks_of(text)) for title, text in shown["texts"]]
        addenda = [_added(each, text, why) for each, _html, text, why in shown["addenda"]]
        paper = NotePaper(
            title=_("Progress note"),
            client=shown["hour"].client_name,
            sender=here.name,
            on=request.at.astimezone(here.zone).date(),
            head=shown["head"],
            parts=parts,
            signed=_signed(facts, shown["hidden_names"]),
            addenda=addenda,
            footer=_("Confidential"),
            language=(get_language() or "en").split("-")[0],
        )
    return note_pdf(paper)


def _signed(facts: NoteFacts, hidden_names: int) -> list[str]:
    """Who signed when, what marks the note, and what the paper leaves out."""
    lines = [_("A draft, not signed.")]
    if facts.signed_at:
        said = {"name": facts.author_name, "day": date_format(timezone.localtime(facts.signed_at), "j F Y, H:i")}
        lines = [_("Signed by %(name)s, %(day)s.") % said, f"SHA-256 {facts.text_hash}"]
    if facts.is_late_entry:
        lines.append(_("Late entry: signed more than a day after the hour."))
    if not facts.is_intact:
        lines.append(_("This is not what was signed. Do not rely on it."))
    if hidden_names:
        lines.append(_("Other people's names are given as initials; the hash is that of the full text."))
    return lines


def _added(each: AddendumFacts, text: str, why: str) -> Part:
    said = {"name": each.author_name, "day": date_format(timezone.localtime(each.added_at), "j F Y, H:i")}
    below = _("Why: %(reason)s") % {"reason": why}
    if not each.is_intact:
        below += " " + _("This addendum is not what was signed.")
    return Part(_("Addendum by %(name)s, %(day)s") % said, blocks_of(text), below)
