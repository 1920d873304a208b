"""What was sent is given back where it cannot be kept, but nothing that opens a door."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client as Browser
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in

TYPED = "Two lines, with <marks>"


def _fails(*given: Any, **more: Any) -> Any:
    raise OperationalError


def _keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.practice.security.audit.trail.write", _fails)


def test_staff_hear_the_remedy_and_get_their_words_back(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(a_manager())
    _keep_nothing(monkeypatch)
    page = browser.post("/office/rooms/", {"name": TYPED})
    assert page.status_code == 503
    assert "rapport check" in page.content.decode()
    assert "with &lt;marks&gt;</textarea>" in page.content.decode()


def test_a_client_is_not_left_with_the_machine_but_told_whom_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(client_account(a_course(a_therapist())))
    _keep_nothing(monkeypatch)
    page = browser.post("/portal/help/talk/").content.decode()
    assert "rapport check" not in page
    assert "112" in page


def test_a_password_is_never_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.web.entrance.accounts.forms.SignInForm.is_valid", _fails)
    page = Browser().post("/sign-in/", {"email": "mara@practice.example", "password": "four words in a row"})
    assert page.status_code == 503
    assert "four words" not in page.content.decode()
    assert "mara@practice.example" in page.content.decode()
