"""Who looked at my record: the trail as the client it is about reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rapport.practice.security.accounts.queries.accounts import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing

AT_ONCE = 1000  # entries read for one page, however many there are


@dataclass(frozen=True, slots=True)
class Look:
    """One entry: somebody did something with one kind of thing of this client's record."""

    at: datetime
    who: str
    roles: frozenset[str]
    action: str
    object_type: str

    @property
    def is_own(self) -> bool:
        """Whether the client did it: nobody else acts in that role on their record."""
        return Role.CLIENT in self.roles


def own_trail(
    *, viewer: Actor, at: datetime, before: datetime | None = None, everything: bool = False
) -> tuple[tuple[Look, ...], datetime | None]:
    """The newest entries about this client's record, and the moment at which the next page goes on (None: no more).

    Other people's only, or with `everything` also the client's own and the computer's. What a therapist keeps for
    themselves is not listed, as it is nobody's to know of.
    """
    require(viewer, "read", Thing("client_audit", client=viewer.client_id), at=at)
    rows = AuditEvent.objects.filter(client=viewer.client_id, private_to=None, decision="allow", at__lt=before or at)
    if not everything:
        rows = rows.exclude(actor=None).exclude(roles=Role.CLIENT)
    columns = rows.order_by("-at", "-seq").values_list("at", "actor", "roles", "action", "object_type")
    found, older = list(columns[: AT_ONCE + 1]), None
    if len(found) > AT_ONCE:  # what was read for one page bears one moment, and comes together on the next
        found = [row for row in found if row[0] > found[-1][0]] or found
        older = found[-1][0]
    names = staff_names()
    looks = [
        Look(when, names.get(actor, "") if actor else "", frozenset(roles.split(",")), action, kind)
        for when, actor, roles, action, kind in found
    ]
    trail.reading(actor=viewer, kind="client_audit", at=at, client=viewer.client_id, purpose="access")
    return tuple(looks), older
