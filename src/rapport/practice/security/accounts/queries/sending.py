"""Whether a form was sent before."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from rapport.practice.security.accounts.models import SentForm


@dataclass(frozen=True, slots=True)
class FormSent:
    """A page of somebody's and what was sent from it, as hashes: nobody can try out what the form said."""

    page: bytes
    form: bytes

    @classmethod
    def of(cls, account_id: UUID, number: str, parts: Iterable[str]) -> FormSent:
        """`number` is the page's own, random in every page; `parts` are where the form went and what was in it."""
        secret = account_id.bytes + number.encode()
        told = "".join(f"{len(part)}:{part}" for part in parts)
        form = hmac.new(secret, told.encode(), hashlib.sha256).digest()
        return cls(hashlib.sha256(secret).digest(), form)


def is_sent(sent: FormSent) -> bool:
    """Whether this was the last thing sent from its page."""
    kept = SentForm.objects.filter(page_hash=sent.page).values_list("form_hash", flat=True).first()
    return kept is not None and bytes(kept) == sent.form
