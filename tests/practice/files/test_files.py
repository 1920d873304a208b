"""Keeping and opening a client's files."""

from __future__ import annotations

import pytest
from tests.factories.files import a_pdf, a_picture, a_text
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.files import queries
from rapport.practice.files.actions import FileRefused, NoRoomLeft, keep_file
from rapport.practice.files.choices import Kind
from rapport.practice.files.models import FilePiece, StoredFile
from rapport.practice.files.rules import sealing
from rapport.practice.files.rules.accepting import kept_name
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def test_a_client_keeps_a_file_and_opens_it_again(course: Course) -> None:
    client = client_account(course)
    kept = keep_file(actor=client, at=AT, client_id=course.client, name="letter.txt", content=a_text("Grüße"))
    found = queries.file(viewer=client, at=AT, file_id=kept)
    assert (found.name, found.media_type) == ("letter.txt", "text/plain; charset=utf-8")
    assert found.content.decode() == "Grüße"
    event = AuditEvent.objects.get(object_id=kept, action="keep")
    assert (event.object_type, event.client, event.actor) == ("file", course.client, client.account)
    assert AuditEvent.objects.filter(object_id=kept, action="read", object_type="file").exists()


def test_a_file_in_many_pieces_comes_back_whole(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PIECE", 7)
    kept = keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a", content=b"0123456789" * 3)
    assert FilePiece.objects.filter(file=kept).count() == 5
    assert queries.file(viewer=course.therapist, at=AT, file_id=kept).content == b"0123456789" * 3


@pytest.mark.parametrize("harm", ["lost", "swapped"])
def test_pieces_cannot_be_lost_or_change_places(course: Course, monkeypatch: pytest.MonkeyPatch, harm: str) -> None:
    monkeypatch.setattr(sealing, "PIECE", 7)
    kept = keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a", content=b"0123456789")
    first, second = FilePiece.objects.filter(file=kept).order_by("number")
    if harm == "lost":
        second.delete()
    else:
        FilePiece.objects.filter(id=first.id).update(content_sealed=second.content_sealed)
        FilePiece.objects.filter(id=second.id).update(content_sealed=first.content_sealed)
    with pytest.raises(keys.SealBroken):
        queries.file(viewer=course.therapist, at=AT, file_id=kept)


def test_nothing_of_a_file_lies_open(course: Course) -> None:
    keep_file(actor=course.therapist, at=AT, client_id=course.client, name="CANARY.txt", content=b"CANARY words")
    sealed = [bytes(row.card_sealed) for row in StoredFile.objects.all()]
    sealed += [bytes(row.content_sealed) for row in FilePiece.objects.all()]
    assert sealed
    assert not any(b"CANARY" in each for each in sealed)


def test_a_file_dies_with_its_key(course: Course) -> None:
    kept = keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a", content=a_text())
    keys.destroy_compartment("client", course.client, at=AT, authority=course.therapist.account)
    with pytest.raises(keys.KeyDestroyed):
        queries.file(viewer=course.therapist, at=AT, file_id=kept)


def test_strangers_find_nothing(course: Course) -> None:
    kept = keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a", content=a_text())
    stranger, other = a_therapist("Ida Other"), client_account(a_course(a_therapist("Cara")))
    for somebody in (stranger, other):
        with pytest.raises(NotFound):
            queries.file(viewer=somebody, at=AT, file_id=kept)
        with pytest.raises(NotFound):
            keep_file(actor=somebody, at=AT, client_id=course.client, name="a", content=a_text())
        assert not queries.file_names(viewer=somebody, at=AT, file_ids=[kept])
    with pytest.raises(Forbidden):
        keep_file(actor=a_manager(), at=AT, client_id=course.client, name="a", content=a_text())
    with pytest.raises(NotFound):
        queries.file(viewer=a_manager(), at=AT, file_id=kept)


def test_names_are_told_without_opening(course: Course) -> None:
    kept = keep_file(actor=course.therapist, at=AT, client_id=course.client, name="tree.png", content=a_picture("PNG"))
    facts = queries.file_names(viewer=course.therapist, at=AT, file_ids=[kept])[kept]
    assert (facts.name, facts.kind, facts.is_picture) == ("tree.png", Kind.PNG, True)


def test_a_client_has_only_so_much_room(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.practice.files.actions.MOST_FILES", 1)
    keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a", content=a_text())
    with pytest.raises(NoRoomLeft):
        keep_file(actor=course.therapist, at=AT, client_id=course.client, name="b", content=a_text())
    monkeypatch.setattr("rapport.practice.files.actions.MOST_FILES", 9)
    monkeypatch.setattr("rapport.practice.files.actions.MOST_BYTES", 30)
    with pytest.raises(NoRoomLeft):
        keep_file(actor=course.therapist, at=AT, client_id=course.client, name="b", content=a_text())


def test_a_refused_file_leaves_nothing(course: Course) -> None:
    with pytest.raises(FileRefused):
        keep_file(actor=course.therapist, at=AT, client_id=course.client, name="a.pdf", content=a_pdf()[:200])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("holiday.exe", "holiday.exe.jpg"),
        ("C:\\Users\\me\\tree.PNG", "tree.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("a\u202egnp.exe\r\nX: y", "a gnp.exe X y.jpg"),
        ("...", "file.jpg"),
        ("x" * 300, "x" * 100 + ".jpg"),
    ],
)
def test_a_name_says_what_it_is(sent: str, kept: str) -> None:
    assert kept_name(sent, Kind.JPEG) == kept
