"""Every place of every room leads somewhere."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rapport.web.doors.places import ROOMS


@pytest.mark.parametrize("name", sorted({place.name for places in ROOMS.values() for place in places}))
def test_a_place_has_a_page(name: str) -> None:
    assert reverse(name).startswith("/")
