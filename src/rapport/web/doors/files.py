"""Sending a kept file to a browser, so that it is only looked at or saved and never runs."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from rapport.practice.files.choices import FileContent

# Nothing in it may load, run, submit or be framed, whatever a browser takes it for.
LOCKED = (
    "default-src 'none'; img-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; sandbox"
)


def file_answer(file: FileContent) -> HttpResponse:
    """A picture is shown; everything else is saved."""
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(not file.is_picture, file.name) or "attachment"
    answer["Content-Security-Policy"] = LOCKED
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
