"""A form sent twice (a trembling hand, a line that broke) is done once, and both are led to what came of it.

Every form of ours carries a number that is random in each page (the one against forged requests). The same form from
the same page, with nothing else sent from that page in between, is the same request. That it was done is kept in the
transaction of what it did. Where it led is kept in this process only: it is a kindness, not a promise.

Answers that are no redirect (a correction asked for, a link shown once, the page of help) are never held back.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from rapport.practice.security.accounts.actions import SentAlready, forget_form, note_form
from rapport.practice.security.accounts.queries import FormSent, is_sent
from rapport.practice.security.policy.actor import Actor
from rapport.practice.security.policy.beginning import beginning_with
from rapport.web.doors.answers import SeeOther

NUMBER = "csrfmiddlewaretoken"
REDIRECTS = (302, 303)
MOST_KEPT = 500
LONGEST_WAIT = 10.0  # seconds; the database decides after it
_led_to: OrderedDict[bytes, str] = OrderedDict()
_under_way: dict[bytes, threading.Event] = {}
_guard = threading.Lock()


def done_once(
    request: HttpRequest, answer: Callable[[], HttpResponseBase], *, actor: Actor, at: datetime
) -> HttpResponseBase:
    """The answer to a form; to the same form again, the way to what came of it."""
    sent = _form_in(request, actor)
    if sent is None:
        return answer()
    with _in_turn(sent.form):
        if is_sent(sent):
            return _again(request, sent)
        note = partial(note_form, actor=actor, at=at, sent=sent)
        try:
            with beginning_with(note) as is_done:
                response = answer()
        except SentAlready:
            return _again(request, sent)
        if response.status_code in REDIRECTS:
            _remember(sent, response.headers["Location"])
        elif is_done():
            forget_form(actor=actor, at=at, sent=sent)
        return response


def _form_in(request: HttpRequest, actor: Actor) -> FormSent | None:
    """What a browser sends of a form. What a script of ours sends has numbers of its own."""
    if request.method != "POST" or actor.id is None or "HX-Request" in request.headers:
        return None
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return None
    number = request.POST.get(NUMBER, "")
    if not number:
        return None
    told = [value for name, values in request.POST.lists() for value in (name, *values)]
    files = [file for _name, several in request.FILES.lists() for file in several]
    told += [part for file in files for part in (file.name or "", _hash_of(file))]
    return FormSent.of(actor.id, number, [request.get_full_path(), *told])


def _hash_of(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def _in_turn(form: bytes) -> Iterator[None]:
    """The second of two at once waits until the first was answered, so that it can be led where that one led."""
    while True:
        with _guard:
            other = _under_way.get(form)
            if other is None:
                _under_way[form] = mine = threading.Event()
                break
        if not other.wait(LONGEST_WAIT):
            yield
            return
    try:
        yield
    finally:
        with _guard:
            del _under_way[form]
        mine.set()


def _remember(sent: FormSent, where: str) -> None:
    with _guard:
        _led_to[sent.form] = where
        while len(_led_to) > MOST_KEPT:
            _led_to.popitem(last=False)


def _again(request: HttpRequest, sent: FormSent) -> HttpResponseBase:
    messages.info(request, _("This was sent before, and was not done a second time. Here you see how things stand."))
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from.path if came_from.netloc == request.get_host() else "/"
    return SeeOther(_led_to.get(sent.form, page))
