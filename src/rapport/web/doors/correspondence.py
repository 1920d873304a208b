"""What desk and portal share of messages and letters: their words, their paper, and reading what was typed or sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.practice.correspondence.choices import LetterFacts, LetterKind, LetterStep, SentBy
from rapport.practice.files.actions import FileRefused, FileTooLarge
from rapport.practice.organisation.queries import practice
from rapport.web.components.letters import LetterPaper, letter_pdf
from rapport.web.doors.page import PageRequest

UPLOAD_ROOM = 10 * 1024 * 1024
KINDS: dict[LetterKind, Promise] = {
    LetterKind.APPOINTMENTS: gettext_lazy("Your appointments"),
    LetterKind.REVIEW: gettext_lazy("Shall we look at it together?"),
    LetterKind.SUMMARY: gettext_lazy("What we have done so far"),
    LetterKind.TO_CLIENT: gettext_lazy("A letter"),
    LetterKind.DOCTOR: gettext_lazy("To the doctor"),
    LetterKind.TO_OTHERS: gettext_lazy("To somebody else"),
}
STEPS: dict[LetterStep, Promise] = {
    LetterStep.WRITTEN: gettext_lazy("being written"),
    LetterStep.SHOWN: gettext_lazy("the client reads it"),
    LetterStep.READ_TOGETHER: gettext_lazy("read together, agreed"),
    LetterStep.AGREED: gettext_lazy("the client agrees"),
    LetterStep.CHANGE_ASKED: gettext_lazy("the client asks for a change"),
    LetterStep.SENT: gettext_lazy("sent"),
    LetterStep.PUT_ASIDE: gettext_lazy("put aside"),
}
HOW: dict[SentBy, Promise] = {
    SentBy.PORTAL: gettext_lazy("in the portal"),
    SentBy.POST: gettext_lazy("by post"),
    SentBy.BY_HAND: gettext_lazy("by hand"),
}


def attached(request: PageRequest) -> tuple[tuple[str, bytes], ...]:
    """The files of a form; FileTooLarge where one, or all together, are more than is taken in."""
    sent = request.META.get("CONTENT_LENGTH") or "0"
    found = request.FILES.getlist("files")
    if not found and sent.isdecimal() and int(sent) > UPLOAD_ROOM:
        raise FileTooLarge
    if any(each.size is None or each.size > UPLOAD_ROOM for each in found):
        raise FileTooLarge
    return tuple((each.name or "", each.read()) for each in found)


def file_words(request: PageRequest, problem: Exception) -> str:
    """Why a message was not sent. A browser never sends a file twice by itself, so whoever chose one must again."""
    if not request.FILES and not isinstance(problem, FileRefused):
        return str(problem)
    return f"{problem} {_('Your words are still here. Please choose your files again.')}"


def letter_answer(request: PageRequest, letter: LetterFacts) -> HttpResponse:
    """A letter as PDF. One that has not left says so."""
    here = practice(viewer=request.actor, at=request.at)
    on = (letter.sent_at or letter.written_at).astimezone(here.zone).date()
    title = str(KINDS[letter.kind]) if letter.sent_at else _("Draft, not sent")
    text = f"{letter.to}\n\n{letter.text}" if letter.to else letter.text
    footer = f"{here.name}  {here.phone}".strip()
    response = HttpResponse(letter_pdf(LetterPaper(title, here.name, on, text, footer=footer)))
    response["Content-Type"] = "application/pdf"
    response["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response
