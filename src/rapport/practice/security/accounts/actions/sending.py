"""A form that is sent twice has one effect: what it does and that it was sent are one transaction."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.security.accounts.models import SentForm
from rapport.practice.security.accounts.queries.sending import FormSent
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor


class SentAlready(Exception):
    """The same form was sent from the same page just before, and was done."""


@action
def note_form(*, actor: Actor, at: datetime, sent: FormSent) -> None:
    """Note what is being done. Of two at once the second waits here for the first, and goes no further."""
    values = {"form_hash": sent.form, "account_id": actor.account, "sent_at": at}
    row, is_new = SentForm.objects.select_for_update(no_key=True).get_or_create(page_hash=sent.page, defaults=values)
    if is_new:
        return
    if bytes(row.form_hash) == sent.form:
        raise SentAlready
    SentForm.objects.filter(page_hash=sent.page).update(form_hash=sent.form, sent_at=at)


@action
def forget_form(*, actor: Actor, at: datetime, sent: FormSent) -> None:
    """The form may be sent again: nothing came of it, or its answer can be seen only where it arrives."""
    SentForm.objects.filter(page_hash=sent.page, account_id=actor.account).delete()
