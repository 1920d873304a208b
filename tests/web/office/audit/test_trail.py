"""The audit page of the office: it checks the trail, says what it found, and shows a line for paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.people import AT, a_manager, signed_in
from tests.practice.security.test_audit import edit, without_guards, write_events

from rapport.practice.security.audit.checkpoints import anchor_file, newest_root, write_checkpoint
from rapport.practice.security.audit.models import Checkpoint

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _clean_anchor() -> None:
    anchor_file().unlink(missing_ok=True)


def test_a_whole_trail_is_told_and_its_root_shown() -> None:
    write_events(3)
    browser = signed_in(a_manager())
    write_checkpoint(AT + timedelta(days=1))
    page = browser.get("/office/audit/").content.decode()
    assert newest_root() in page
    told = browser.post("/office/audit/verify/", follow=True).content.decode()
    assert "The trail is whole" in told


def test_a_changed_entry_is_named() -> None:
    write_events(6)
    browser = signed_in(a_manager())
    without_guards()
    edit(0)
    assert "entry 3 of chain" in browser.post("/office/audit/verify/", follow=True).content.decode()


def test_a_missing_checkpoint_is_named() -> None:
    browser = signed_in(a_manager())
    write_events(1)
    write_checkpoint(AT + timedelta(days=1))
    Checkpoint.objects.all().delete()
    told = browser.post("/office/audit/verify/", follow=True).content.decode()
    assert "Tampered with: checkpoint 1" in told
