"""The shelf of openers as one therapist sees it: ours with their stars, and their own."""

from __future__ import annotations

from datetime import datetime

from rapport.clinical.speaking.openers import Method, Moment, openers
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.speaking.choices import OpenerFacts
from rapport.practice.speaking.models import OPENER_LABEL, OpenerStar, OwnOpener


def own_shelf(*, viewer: Actor, at: datetime) -> tuple[OpenerFacts, ...]:
    """Every sentence: the viewer's own first, then what they starred, then the rest."""
    require(viewer, "list", Thing("opener"), at=at)
    stars = set(OpenerStar.objects.filter(author_id=viewer.account, ended_at=None).values_list("key", flat=True))
    rows = OwnOpener.objects.filter(author_id=viewer.account, put_away_at=None).order_by("-added_at")
    drawer = keys.author(viewer.account)
    own = [
        OpenerFacts(
            key=str(row.id),
            moment=Moment(row.moment),
            method=Method(row.method),
            words=keys.unseal(drawer, OPENER_LABEL, row.id, row.words_sealed),
            is_starred=True,
            own_id=row.id,
        )
        for row in rows
    ]
    ours = [OpenerFacts(each.key, each.moment, each.method, each.words, each.key in stars) for each in openers()]
    return (*own, *sorted(ours, key=lambda each: not each.is_starred))
