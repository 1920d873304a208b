"""Letters from templates: written, shown to the client first where they speak about the client to others, then sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.practice.clients.choices import Purpose
from rapport.practice.clients.rules.consenting import has_consented
from rapport.practice.correspondence.choices import LetterKind, LetterStep, SentBy
from rapport.practice.correspondence.models import LETTER_LABEL, STEP_LABEL, CaseLetter, CaseLetterStep
from rapport.practice.correspondence.rules import (
    LetterClosed,
    LetterMoved,
    NoConsent,
    NotReadYet,
    check_letter,
    content_of,
    last_step,
    letters_within,
)
from rapport.practice.episodes.rules import EpisodeRefused, find_episode, hidden, words
from rapport.practice.foundation.models import own_id
from rapport.practice.post.actions import queue
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

OVER = {LetterStep.SENT, LetterStep.PUT_ASIDE}
MAY_LEAVE = {LetterStep.AGREED, LetterStep.READ_TOGETHER}


@action
def write_letter(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    kind: LetterKind,
    to: str,
    text: str,
    letter_id: UUID | None = None,
    version: int = 0,
    key: UUID | None = None,
) -> UUID:
    """Begin a letter (`key` makes a repeated request the same one), or save new words of `letter_id`.

    `version` is what the words began from. New words take back what the client said of the old ones: they read again.
    """
    row = find_episode(actor, at, episode_id, "case_letter", "write")
    content = check_letter(kind, to, text)
    is_new, letter_id = letter_id is None, letter_id or own_id(row.id, key)
    letter = (
        letters_within(actor, at).select_for_update(of=("self",), no_key=True).filter(id=letter_id, episode=row).first()
    )
    if letter is None and not is_new:
        raise hidden(actor, "write", Thing("case_letter", id=letter_id), at)
    if letter is None:
        letter = CaseLetter(id=letter_id, episode=row, kind=kind, written_at=at, written_by=actor.account)
    else:
        _check_open(letter)
        old = content_of(letter)
        if old == content:
            return letter.id
        if letter.version != version:
            raise LetterMoved(old["to"], old["text"], letter.version)
        letter.version += 1
    letter.written_at, letter.written_by = at, actor.account
    letter.content_sealed = keys.seal_data(keys.client(row.client_id), LETTER_LABEL, letter.id, content)
    letter.save()
    _step(actor, at, letter, LetterStep.WRITTEN)
    return letter.id


@action
def show_letter(*, actor: Actor, at: datetime, letter_id: UUID) -> None:
    """Lay a letter before the client in the portal, before it goes to anybody."""
    letter = _find(actor, at, letter_id, "write")
    if last_step(letter.id) is LetterStep.SHOWN:
        return
    _step(actor, at, letter, LetterStep.SHOWN)
    _tell_client(actor, at, letter, "shown")


@action
def answer_letter(*, actor: Actor, at: datetime, letter_id: UUID, version: int, agrees: bool, said: str = "") -> None:
    """The client agrees to a letter about them, or says what should be different. `version` is what they read."""
    letter = _find(actor, at, letter_id, "answer")
    answerable = last_step(letter.id) in {LetterStep.SHOWN, LetterStep.AGREED, LetterStep.CHANGE_ASKED}
    if letter.version != version or not answerable:
        raise EpisodeRefused("letter", _("This letter has changed since you read it. Please read it again first."))
    told = words("said", said, longest=2000)
    if not (told or agrees):
        raise EpisodeRefused("said", _("Please say what should be different."))
    _step(actor, at, letter, LetterStep.AGREED if agrees else LetterStep.CHANGE_ASKED, told)


@action
def record_read_together(*, actor: Actor, at: datetime, letter_id: UUID, said: str) -> None:
    """The client read the letter on paper or heard it, and agreed: what they said."""
    letter = _find(actor, at, letter_id, "write")
    told = words("said", said, longest=2000)
    if not told:
        raise EpisodeRefused("said", _("Write down what the client said of it."))
    _step(actor, at, letter, LetterStep.READ_TOGETHER, told)


@action
def send_letter(*, actor: Actor, at: datetime, letter_id: UUID, how: SentBy) -> None:
    """The letter leaves, once. From now on it is never changed. Sent twice, it left the first time."""
    letter = _find(actor, at, letter_id, "send", closed=True)
    if last_step(letter.id) is LetterStep.SENT:
        return
    _check_open(letter)
    kind = LetterKind(letter.kind)
    if kind.is_about_client:
        if how is SentBy.PORTAL:
            raise EpisodeRefused("how", _("Nobody else reads the portal. Send it by post or hand it over."))
        if not has_consented(letter.episode.client_id, Purpose.SHARE_WITH, at=at):
            raise NoConsent("how", _("The client has not agreed that others are told. Ask under Consents first."))
        if last_step(letter.id) not in MAY_LEAVE:
            raise NotReadYet("how", _("The client reads this letter first. Show it, or read it together."))
    letter.sent_at, letter.how = at, how
    letter.save(update_fields=["sent_at", "how"])
    _step(actor, at, letter, LetterStep.SENT)
    if how is SentBy.PORTAL:
        _tell_client(actor, at, letter, "sent")


@action
def put_letter_aside(*, actor: Actor, at: datetime, letter_id: UUID, reason: str = "") -> None:
    """Not this letter after all. It stays in the record and goes nowhere."""
    letter = _find(actor, at, letter_id, "write")
    _step(actor, at, letter, LetterStep.PUT_ASIDE, words("reason", reason, longest=2000))


def _find(actor: Actor, at: datetime, letter_id: UUID, doing: str, *, closed: bool = False) -> CaseLetter:
    letter = letters_within(actor, at).filter(id=letter_id).first()
    if letter is None:
        raise hidden(actor, doing, Thing("case_letter", id=letter_id), at)
    require(actor, doing, Thing("case_letter", id=letter_id, client=letter.episode.client_id), at=at)
    letter = CaseLetter.objects.select_related("episode").select_for_update(of=("self",), no_key=True).get(id=letter.id)
    if not closed:
        _check_open(letter)
    return letter


def _check_open(letter: CaseLetter) -> None:
    if last_step(letter.id) in OVER:
        raise LetterClosed("letter", _("This letter is finished. Write a new one."))


def _step(actor: Actor, at: datetime, letter: CaseLetter, step: LetterStep, said: str = "") -> None:
    step_id, client_id = uuid.uuid4(), letter.episode.client_id
    last = CaseLetterStep.objects.filter(letter=letter).aggregate(last=Max("seq"))["last"] or 0
    CaseLetterStep.objects.create(
        id=step_id,
        letter=letter,
        seq=last + 1,
        step=step,
        at=at,
        by=actor.account,
        words_sealed=keys.seal(keys.client(client_id), STEP_LABEL, step_id, said) if said else None,
    )
    trail.record(
        actor=actor, action=str(step), object_type="case_letter", object_id=letter.id, client=client_id, at=at,
        reason=letter.kind,
    )  # fmt: skip


def _tell_client(actor: Actor, at: datetime, letter: CaseLetter, why: str) -> None:
    queue(
        actor=actor, at=at, kind="item_waits", client_id=letter.episode.client_id, account_id=None, params={},
        dedupe=f"letter:{letter.id}:{letter.version}:{why}",
    )  # fmt: skip
