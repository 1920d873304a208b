"""Pages of the gallery. The switchboard ties them to the permission matrix and serves them in a demo only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rapport.web.components.context import Place, Who
from rapport.web.components.gallery import samples

ATOMS = Path(__file__).parents[1] / "templates" / "cotton"

FRAMES = ("today", "room", "portal", "plain")


def atom_names() -> list[str]:
    """Every atom there is, as pages write it."""
    return sorted(folder.name.replace("_", "-") for folder in ATOMS.iterdir() if (folder / "index.html").exists())


def gallery(request: HttpRequest) -> HttpResponse:
    """All atoms on one page."""
    atoms = [(name, f"cotton/{name.replace('-', '_')}/example.html") for name in atom_names()]
    return _show(request, "atoms", {"atoms": atoms})


def gallery_frame(request: HttpRequest, frame: str) -> HttpResponse:
    """One of the frames a page stands in, filled with invented work."""
    if frame not in FRAMES:
        raise Http404
    return _show(request, frame, {})


def _show(request: HttpRequest, page: str, extra: dict[str, Any]) -> HttpResponse:
    request.who = Who("Mara Okonjo", "psychotherapist")  # type: ignore[attr-defined]
    request.places = PORTAL if page == "portal" else DESK  # type: ignore[attr-defined]
    return render(request, f"components/gallery/{page}.html", samples.everything() | extra)


DESK = [
    Place("Today", "#", True, icon="sun"),
    Place("Diary", "#", icon="calendar-days"),
    Place("Clients", "#", badge="18", icon="users"),
    Place("Alerts", "#", badge="1", icon="bell", urgent=True),
    Place("Referrals", "#", badge="3", icon="inbox"),
    Place("Results", "#", group="Looking closer"),
    Place("Library", "#", group="Looking closer"),
    Place("My notes", "#", group="Mine alone"),
]

PORTAL = [
    Place("Home", "#", True, icon="house"),
    Place("Questions", "#", badge="2", icon="clipboard-list"),
    Place("My course", "#", icon="chart-line"),
    Place("Letters", "#", icon="mail"),
    Place("Safety plan", "#", icon="life-buoy"),
]
