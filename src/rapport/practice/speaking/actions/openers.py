"""A therapist's own shelf of openers."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.clinical.speaking.openers import Method, Moment, openers
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.speaking.models import OPENER_LABEL, OpenerStar, OwnOpener
from rapport.practice.speaking.rules import SpeakingRefused, words


@action
def star_opener(*, actor: Actor, at: datetime, key: str, starred: bool) -> None:
    """Keep a sentence near, or not any more."""
    require(actor, "star", Thing("opener", author=actor.account), at=at)
    if key not in {opener.key for opener in openers()}:
        raise SpeakingRefused("key", _("This sentence is not on the shelf any more. Load the page again."))
    mine = OpenerStar.objects.filter(author_id=actor.account, key=key, ended_at=None)
    if starred == mine.exists():
        return
    if starred:
        OpenerStar.objects.create(author_id=actor.account, key=key, starred_at=at)
    else:
        mine.update(ended_at=at)
    _record(actor, at, "star" if starred else "unstar", None)


@action
def add_opener(*, actor: Actor, at: datetime, moment: Moment, method: Method, sentence: str) -> UUID:
    """A sentence of one's own. The same once more is the same."""
    require(actor, "edit", Thing("opener", author=actor.account), at=at)
    kept = words("sentence", sentence)
    if not kept:
        raise SpeakingRefused("sentence", _("Write the sentence first."))
    row_id, drawer = uuid.uuid4(), keys.author(actor.account)
    for own in OwnOpener.objects.filter(author_id=actor.account, moment=moment, method=method, put_away_at=None):
        if keys.unseal(drawer, OPENER_LABEL, own.id, own.words_sealed) == kept:
            return own.id
    OwnOpener.objects.create(
        id=row_id,
        author_id=actor.account,
        moment=moment,
        method=method,
        words_sealed=keys.seal(drawer, OPENER_LABEL, row_id, kept),
        added_at=at,
    )
    _record(actor, at, "add", row_id)
    return row_id


@action
def put_opener_away(*, actor: Actor, at: datetime, opener_id: UUID) -> None:
    """Take a sentence of one's own off the shelf."""
    own = OwnOpener.objects.filter(id=opener_id, author_id=actor.id).first()
    if own is None:
        raise not_found(actor, "edit", Thing("opener", id=opener_id), at=at)
    require(actor, "edit", Thing("opener", id=opener_id, author=own.author_id), at=at)
    OwnOpener.objects.filter(id=own.id, put_away_at=None).update(put_away_at=at)
    _record(actor, at, "put_away", opener_id)


def _record(actor: Actor, at: datetime, name: str, opener_id: UUID | None) -> None:
    trail.record(actor=actor, action=name, object_type="opener", object_id=opener_id, at=at, private_to=actor.account)
