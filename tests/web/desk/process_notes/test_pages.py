"""The pages of a process note: its author's, and for everybody else nothing."""

from __future__ import annotations

import uuid

from tests.factories.people import a_manager, a_therapist, client_account, signed_in
from tests.web.desk.process_notes.conftest import Desk

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.process_notes.models import ProcessDraft, ProcessNote

CANARY = "lighthouse dream"


def begun(desk: Desk) -> str:
    path = f"/desk/sessions/{desk.session}/process/"
    first = desk.browser.post(path)
    assert "personal data of the client" in first.content.decode()
    return str(desk.browser.post(path, {"understood": "yes"}).headers["Location"])


def save(desk: Desk, note: str, text: str, version: int = 1, tab: int = 1, **more: object) -> object:
    said = {"version": version, "client_tab": uuid.UUID(int=tab).hex, "client_seq": 1, "text": text, **more}
    return desk.browser.post(f"{note}save/", said)


def test_written_merged_closed_and_added_to(desk: Desk) -> None:
    note = begun(desk)
    assert save(desk, note, CANARY).status_code == 303  # type: ignore[attr-defined]
    conflict = save(desk, note, "another dream", tab=2)
    assert conflict.status_code == 409  # type: ignore[attr-defined]
    assert CANARY in conflict.content.decode()  # type: ignore[attr-defined]
    assert save(desk, note, "both dreams", 2, 3, do="sign").status_code == 303  # type: ignore[attr-defined]
    assert desk.browser.post(f"{note}addendum/", {"text": "and a third"}).status_code == 303
    page = desk.browser.get(note).content.decode()
    assert "both dreams" in page
    assert "and a third" in page
    assert "both dreams" in desk.browser.get(f"/desk/episodes/{desk.course.episode}/process/").content.decode()


def test_a_colleague_in_care_a_manager_and_the_client_see_nothing(desk: Desk) -> None:
    note = begun(desk)
    save(desk, note, CANARY)
    colleague = a_therapist("Ruth Lind")
    CareRelationship.objects.create(
        account_id=colleague.account,
        client_id=desk.course.client,
        episode_id=desk.course.episode,
        started_at=desk.now,
        granted_by=desk.course.therapist.account,
    )
    shown = [
        f"/desk/sessions/{desk.session}/",
        f"/desk/episodes/{desk.course.episode}/sessions/",
        "/desk/",
        "/desk/diary/",
    ]
    shown += [f"/desk/episodes/{desk.course.episode}/process/", "/desk/notes/unsigned/"]
    for actor in (colleague, a_manager(), client_account(desk.course)):
        browser = signed_in(actor)
        existing, missing = browser.get(note), browser.get(f"/desk/process/{uuid.uuid4()}/")
        assert existing.status_code == missing.status_code in (403, 404)
        assert existing.content == missing.content
        with_note = [browser.get(path).content for path in shown]
        assert not any(CANARY.encode() in page or note.encode() in page for page in with_note)
    browser = signed_in(colleague)
    before = [_plain(browser.get(path).content) for path in shown]
    ProcessDraft.objects.all().delete()
    ProcessNote.objects.all().delete()
    assert [_plain(browser.get(path).content) for path in shown] == before


def _plain(page: bytes) -> bytes:
    """A page without what differs each time: its proof against forgery and the moment."""
    return b"\n".join(line for line in page.splitlines() if b"csrf" not in line and b"data-now" not in line)
