"""How a kept file is sent to a browser."""

from __future__ import annotations

import pytest

from rapport.practice.files.choices import FileContent
from rapport.web.doors.files import file_answer


def test_a_picture_is_shown_and_can_do_nothing() -> None:
    answer = file_answer(FileContent("Baum.jpg", "image/jpeg", b"..."))
    assert answer["Content-Disposition"] == 'inline; filename="Baum.jpg"'
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("media_type", ["application/pdf", "text/plain; charset=utf-8"])
def test_everything_else_is_saved(media_type: str) -> None:
    answer = file_answer(FileContent("für mich", media_type, b"..."))
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''f%C3%BCr%20mich"
