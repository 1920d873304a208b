"""Which instruments this practice has, under whose terms, and the packs it may add."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.fhir import read_questionnaire
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import UnknownInstrument
from rapport.practice.measures.actions import bring_wording, import_form, install_pack
from rapport.practice.measures.queries import all_instruments, instrument, pack_terms, packs_to_install
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.measures.forms import QuestionnaireForm, QuestionsForm, TermsForm, WordingForm

TIERS: dict[int, Promise] = {
    1: gettext_lazy("free to use and pass on"),
    2: gettext_lazy("terms of its own"),
    3: gettext_lazy("its wording may not be passed on"),
    4: gettext_lazy("totals only"),
}


@page("instrument", "list")
@require_safe
def instruments(request: PageRequest) -> HttpResponse:
    """The shelf: what can be asked, what is scored from paper, what could be added."""
    viewer, at = request.actor, request.at
    known = all_instruments(viewer=viewer, at=at)
    context = {
        "asked": [(one, TIERS[one.tier]) for one in known if one.can_be_asked],
        "silent": [(one, TIERS[one.tier]) for one in known if not one.can_be_asked],
        "packs": packs_to_install(viewer=viewer, at=at),
    }
    return render(request, "office/measures/instruments.html", context)


@page("instrument", "create")
def bring_form(request: PageRequest) -> HttpResponseBase:
    """A FHIR Questionnaire becomes a form of this practice; what does not fit is named by its place in the file.

    First the file is read; then somebody says which of its questions need a person.
    """
    if request.method == "POST" and "questionnaire" in request.POST:
        return _ask_about_questions(request)
    form = QuestionnaireForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = _read(said["raw"], said["direction"])
        except ClinicalError as bad:
            form.add_error("file", f"{bad.field}: {bad.message} {bad.remedy}")
        else:
            before = {"questionnaire": said["raw"], **{name: said[name] for name in ("direction", "licence", "attest")}}
            return _questions(request, QuestionsForm(initial=before, instrument=found), 200)
    status = 422 if request.method == "POST" else 200
    return render(request, "office/measures/bring_form.html", {"form": form}, status=status)


def _ask_about_questions(request: PageRequest) -> HttpResponseBase:
    """Keep the form with its marks."""
    try:
        found = _read(request.POST["questionnaire"], request.POST.get("direction", ""))
    except (ClinicalError, ValueError):
        raise not_found(request.actor, "create", Thing("instrument"), at=request.at) from None
    form = QuestionsForm(request.POST, instrument=found)
    if form.is_valid():
        said = form.cleaned_data
        try:
            import_form(
                actor=request.actor,
                at=request.at,
                raw=said["questionnaire"],
                direction=Direction(said["direction"]),
                licence=said["licence"],
                needs_person=form.needs_person,
            )
        except ClinicalError as bad:
            form.add_error(None, f"{bad.message} {bad.remedy}")
        else:
            messages.success(request, _("It is on the shelf. Clients can be asked it from now on."))
            return see_other("office:instruments")
    return _questions(request, form, 422)


def _questions(request: PageRequest, form: QuestionsForm, status: int) -> HttpResponse:
    return render(request, "office/measures/bring_form_questions.html", {"form": form}, status=status)


def _read(raw: str, direction: str) -> Instrument:
    """The form as it would stand on the shelf."""
    return read_questionnaire(raw, id="own.form", direction=Direction(direction), licence="").instrument


@page("instrument", "create")
def wording(request: PageRequest, skeleton: str) -> HttpResponseBase:
    """The wording this practice holds a licence for, put onto an instrument that came without it."""
    found = _skeleton(request, skeleton)
    form = WordingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        licence = form.cleaned_data["licence"]
        try:
            bring_wording(
                actor=request.actor, at=request.at, instrument_id=found.id, wording=form.wording, licence=licence
            )
        except ClinicalError as bad:
            form.add_error(bad.field if bad.field in form.fields else None, f"{bad.message} {bad.remedy}")
        else:
            messages.success(request, _("Kept. Clients can be asked it from now on."))
            return see_other("office:instruments")
    numbers = [option.value for option in found.items[0].options]
    context = {"form": form, "instrument": found, "numbers": numbers}
    return render(request, "office/measures/wording.html", context, status=422 if request.method == "POST" else 200)


def _skeleton(request: PageRequest, name: str) -> Instrument:
    try:
        found = instrument(viewer=request.actor, at=request.at, instrument_id=name)
    except UnknownInstrument:
        found = None
    if found is None or not found.takes_wording:
        raise not_found(request.actor, "create", Thing("instrument"), at=request.at)
    return found


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
