"""When the machine fails: words that name the remedy, whom to call, and everything that was typed given back.

The page is made from what is in memory already: it must come also where not one more file can be opened.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.practice.foundation import clock
from rapport.practice.foundation.trouble import Trouble, trouble_behind
from rapport.practice.safety.queries import public_crisis_card
from rapport.practice.security.policy.actor import NOBODY, Role
from rapport.web.doors.page import PageRequest

STAFF = frozenset({Role.THERAPIST, Role.MANAGER})
TRY_AGAIN_AFTER = "60"
NEVER_SENT_BACK = ("password", "code", "token", "csrf")
PAGE = "components/hardship.html"
log = logging.getLogger("rapport.web")


class Said(NamedTuple):
    """What is wrong, and what mends it."""

    what: str | Promise
    remedy: str | Promise


WORDS: dict[Trouble, Said] = {
    Trouble.FULL: Said(
        gettext_lazy("The disk of this practice is full."),
        gettext_lazy("Free some space on it, or make it larger. Nothing needs to be started again."),
    ),
    Trouble.READ_ONLY: Said(
        gettext_lazy("The disk of this practice can be read, but not written."),
        gettext_lazy("Make it writable again. If it became so by itself, it may be failing: make a backup elsewhere."),
    ),
    Trouble.UNRELIABLE: Said(
        gettext_lazy("The disk of this practice does not answer as it should."),
        gettext_lazy("See that it is connected, keep the newest backup elsewhere, and have the disk checked."),
    ),
    Trouble.TOO_MANY_FILES: Said(
        gettext_lazy("The machine of this practice has too many files open."),
        gettext_lazy("Close other programs on it, or raise its limit of open files (ulimit -n)."),
    ),
    Trouble.AWAY: Said(
        gettext_lazy("The database of this practice does not answer."),
        gettext_lazy("See that its server runs and takes connections. Nothing else needs to be started again."),
    ),
    Trouble.OTHER: Said(
        gettext_lazy("The record of this practice is not to be had at the moment."),
        gettext_lazy("Please try again in a minute. If it stays so, run: rapport check"),
    ),
}


def answer(request: PageRequest, problem: BaseException) -> HttpResponseBase | None:
    """What a request hears that came upon trouble; None if the machine is not to blame."""
    trouble = trouble_behind(problem, settings.INSTALLATION.data)
    if trouble is None:
        return None
    log.error("trouble: %s (%s)", trouble, type(problem).__name__)
    status = HTTPStatus.INSUFFICIENT_STORAGE if trouble is Trouble.FULL else HTTPStatus.SERVICE_UNAVAILABLE
    response = _answer(request, trouble, status)
    response.headers["Retry-After"] = TRY_AGAIN_AFTER
    return response


def make_ready() -> None:
    """Read from the disk, while that is possible, what is said when it is not."""
    card = public_crisis_card(viewer=NOBODY, at=clock.now())
    for page in (PAGE, "components/500.html", "entrance/safety/help_now.html"):
        render_to_string(page, {"said": _for_others(), "contacts": card.contacts, "card": card})


def _answer(request: PageRequest, trouble: Trouble, status: HTTPStatus) -> HttpResponse:
    rooms_of_staff = request.trouble is not None and request.path.startswith(("/desk/", "/office/"))
    is_staff = rooms_of_staff or bool(STAFF & request.actor.roles)
    said = WORDS[trouble] if is_staff else _for_others()
    if request.headers.get("Accept", "").startswith("application/json"):
        kept = _("Not saved. Your text is safe on this page; we keep trying.")
        return JsonResponse({"words": f"{kept} {said.what} {said.remedy}"}, status=status)
    context = {
        "said": said,
        "typed": _typed(request),
        "files": bool(request.method == "POST" and request.FILES),
        "contacts": () if is_staff else public_crisis_card(viewer=request.actor, at=request.at).contacts,
    }
    return render(request, PAGE, context, status=status)


def _for_others() -> Said:
    """A client cannot mend the machine, and is not to be left with the task."""
    return Said(
        _("Nothing can be kept here at the moment."),
        _("It is not your fault. Please try again in a while. If it cannot wait, telephone the practice."),
    )


def _typed(request: PageRequest) -> list[tuple[str, str, bool]]:
    """What a form sent: name, text, and whether a person wrote it. What opens a door is never sent back."""
    if request.method != "POST":
        return []
    return [
        (str(name), str(text), " " in str(text) or "\n" in str(text))
        for name, texts in request.POST.lists()
        if not any(secret in name for secret in NEVER_SENT_BACK)
        for text in texts
    ]
