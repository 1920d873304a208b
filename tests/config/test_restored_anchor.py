"""An older backup brought back is no tampering: the anchor that knows more is kept, and a new one begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from tests.factories.people import AT
from tests.practice.security.test_audit import chain_of_actor, edit, replace_by_older_copy, without_guards, write_events

from rapport.config.cli.keep import anchor_of, begin_new_anchor
from rapport.practice.security.audit.checkpoints import anchor_file, write_checkpoint
from rapport.practice.security.audit.verify import verify

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _six_anchored_events() -> None:
    anchor_file().unlink(missing_ok=True)
    write_events(6)
    write_checkpoint(AT)
    without_guards()


def test_an_anchor_that_knows_more_is_put_aside() -> None:
    known = anchor_file().read_text()
    replace_by_older_copy(chain_of_actor())
    kept = begin_new_anchor(settings.INSTALLATION)
    assert kept is not None
    assert Path(kept).read_text() == known
    assert not anchor_of(settings.INSTALLATION).exists()
    Path(kept).unlink()


def test_an_anchor_is_not_put_aside_for_a_changed_trail() -> None:
    edit(chain_of_actor())
    assert begin_new_anchor(settings.INSTALLATION) is None
    assert verify(anchor_file().read_text()).finding is not None
