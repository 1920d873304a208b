"""Which instruments this practice has, under whose terms, and the packs it may add."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from rapport.practice.measures.actions import install_pack
from rapport.practice.measures.queries import all_instruments, pack_terms, packs_to_install
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.measures.forms import TermsForm

TIERS: dict[int, Promise] = {
    1: gettext_lazy("free to use and pass on"),
    2: gettext_lazy("content pack, terms of its own"),
    3: gettext_lazy("totals only: its wording may not be passed on"),
    4: gettext_lazy("your own: totals only"),
}


@page("instrument", "list")
@require_safe
def instruments(request: PageRequest) -> HttpResponse:
    """The shelf, and what could be added to it."""
    viewer, at = request.actor, request.at
    context = {
        "lines": [(one, TIERS[one.tier]) for one in all_instruments(viewer=viewer, at=at)],
        "packs": packs_to_install(viewer=viewer, at=at),
    }
    return render(request, "office/measures/instruments.html", context)


@page("instrument", "create")
def pack(request: PageRequest, pack: str) -> HttpResponseBase:
    """The terms of one content pack, word for word; accepted, it is installed."""
    terms = pack_terms(viewer=request.actor, at=request.at, pack=pack)
    form = TermsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        install_pack(actor=request.actor, at=request.at, pack=pack)
        messages.success(request, _("Installed. Clients can be asked it from now on."))
        return see_other("office:instruments")
    status = 422 if request.method == "POST" else 200
    return render(request, "office/measures/pack.html", {"terms": terms, "form": form}, status=status)
