"""What a frame is told about the reader and the places."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import HttpRequest
from django.test import RequestFactory

from rapport.web.components.context import Place, page_context


def asked(rf: RequestFactory, **extra: object) -> HttpRequest:
    request = rf.get("/")
    for name, value in extra.items():
        setattr(request, name, value)
    return request


def test_nobody_has_no_name_and_no_places(rf: RequestFactory) -> None:
    told = page_context(asked(rf))
    assert told["who"] is None
    assert told["places"] == []
    assert told["links"]["crisis"].startswith("/")
    assert told["demo"] is False


def test_the_phone_bar_holds_the_first_five_places_without_a_group(rf: RequestFactory) -> None:
    places = [("Results", "/r/", False, "Looking closer", ""), *((f"P{n}", "/", n == 1, "", "") for n in range(7))]
    told = page_context(asked(rf, places=places))
    assert [place.label for place in told["tab_places"]] == ["P0", "P1", "P2", "P3", "P4"]
    assert told["places"][0] == Place("Results", "/r/", group="Looking closer")


def test_a_therapist_is_named_with_the_role(rf: RequestFactory) -> None:
    told = page_context(asked(rf, actor=SimpleNamespace(name="Mara Okonjo", roles=frozenset({"therapist"}))))
    assert told["who"].name == "Mara Okonjo"
    assert str(told["who"].role) == "psychotherapist"
