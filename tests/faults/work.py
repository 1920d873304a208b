"""The kinds of work that campaigns interrupt: a step does one thing and says what is now kept.

What a step says is true from the moment it is said: a list of `[model, lookups]` (a row that must be there), or a
`[FOLDER, path]`. A count is a set of numbers that are equal in a record where nothing is half done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from tests.factories.outcomes import a_plan
from tests.factories.people import AT
from tests.faults.ground import Ground

from rapport.practice.measures.actions import answer_item
from rapport.practice.measures.models import Answer, AnswerAlert, Score
from rapport.practice.outcomes.actions import import_courses
from rapport.practice.outcomes.models import BroughtClient, BroughtRow, ImportBatch
from rapport.practice.safety.choices import StepKind as AlertStepKind
from rapport.practice.safety.models import Alert, AlertStep
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys.models import PracticeKey
from rapport.practice.security.keys.renewal import renew_practice_key
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions.actions import begin_note, book_session, keep_text, move_session, save_note, sign_note
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import NoteDraft, ProgressNote, SessionStep, TherapySession

FOLDER = "folder"
Fact = list[Any]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: its steps, and the numbers that must agree."""

    step: Callable[[Ground], list[Fact]]
    counts: tuple[Callable[[], dict[str, int]], ...] = ()


def answer(ground: Ground) -> list[Fact]:
    """Item 9, answered again; the same answer twice would be one answer."""
    number = Answer.objects.count()
    done = answer_item(
        actor=ground.client, at=AT + timedelta(seconds=number), administration_id=ground.form, item="9",
        value=1 + number % 3,
    )  # fmt: skip
    return [["measures.Answer", {"id": str(done.answer_id)}], ["safety.Alert", {"id": str(done.alert_id)}]]


def answers() -> dict[str, int]:
    return {
        "answers": Answer.objects.count(),
        "links": AnswerAlert.objects.count(),
        "alerts": Alert.objects.aggregate(all=Coalesce(Sum("times"), 0))["all"],
        "steps": AlertStep.objects.filter(kind__in=(AlertStepKind.OPENED, AlertStepKind.REPEATED)).count(),
        "answered": events("questionnaire", "answer"),
        "raised": events("alert", "raise", "repeat"),
    }


def note(ground: Ground) -> list[Fact]:
    """A draft saved once more; every other time only what is being typed is kept."""
    who: dict[str, Any] = {"actor": ground.therapist, "at": AT, "note_id": ground.note}
    version = ProgressNote.objects.get(id=ground.note).version
    kept = NoteDraft.objects.filter(note=ground.note).values_list("client_seq", flat=True).first() or 0
    if kept < version:
        keep_text(**who, tab=ground.note, seq=kept + 1, base_version=version, sections={"text": f"typed {kept + 1}"})
        return [["therapy_sessions.NoteDraft", {"note": str(ground.note), "client_seq__gte": kept + 1}]]
    new = save_note(**who, version=version, sections={"text": f"version {version + 1}"})
    return [["therapy_sessions.ProgressNote", {"id": str(ground.note), "version__gte": new}]]


def notes() -> dict[str, int]:
    unsigned = ProgressNote.objects.filter(state="draft")
    signed = ProgressNote.objects.filter(state="signed")
    edits = unsigned.aggregate(all=Coalesce(Sum(F("version") - 1), 0))["all"]
    edits += signed.aggregate(all=Coalesce(Sum(F("version") - 2), 0))["all"]
    return {"versions": edits, "events": events("progress_note", "edit")}


def drafts() -> dict[str, int]:
    return {"windows": NoteDraft.objects.count(), "events": events("progress_note", "keep_draft")}


def book(ground: Ground) -> list[Fact]:
    """The next free hour; every third is moved on by half an hour."""
    number = TherapySession.objects.count()
    start = AT + number * HOUR
    who: dict[str, Any] = {"actor": ground.therapist, "at": AT}
    booked = book_session(**who, episode_id=ground.course.episode, start=start, end=start + HOUR / 4)
    if number % 3 == 0:
        start += HOUR / 2
        move_session(**who, session_id=booked, start=start, end=start + HOUR / 4)
    return [["therapy_sessions.TherapySession", {"id": str(booked), "planned_start": start.isoformat()}]]


def bookings() -> dict[str, int]:
    return {
        "sessions": TherapySession.objects.count(),
        "steps": SessionStep.objects.filter(kind=StepKind.BOOKED).count(),
        "events": events("appointment", StepKind.BOOKED),
    }


def moves() -> dict[str, int]:
    return {
        "versions": TherapySession.objects.filter(version=2).count(),
        "steps": SessionStep.objects.filter(kind=StepKind.MOVED).count(),
        "events": events("appointment", StepKind.MOVED),
    }


def sign(ground: Ground) -> list[Fact]:
    """An hour, its note, the signature."""
    (session,) = book(ground)
    who: dict[str, Any] = {"actor": ground.therapist, "at": AT}
    written = begin_note(**who, session_id=session[1]["id"])
    version = save_note(**who, note_id=written, version=1, sections={"text": "version 2"})
    sign_note(**who, note_id=written, version=version)
    return [session, ["therapy_sessions.ProgressNote", {"id": str(written), "state": "signed"}]]


def signatures() -> dict[str, int]:
    signed = ProgressNote.objects.filter(state="signed")
    return {
        "states": signed.count(),
        "hashes": ProgressNote.objects.exclude(text_hash=None).count(),
        "salts": ProgressNote.objects.exclude(salt_sealed=None).count(),
        "events": events("progress_note", "sign"),
    }


def bring(ground: Ground) -> list[Fact]:
    """A file with two clients nobody knows yet, two scores each."""
    number = BroughtClient.objects.count()
    rows = [f"c{number + who},{week},{10 + week}" for who in (1, 2) for week in (0, 1)]
    content = "\n".join(["id,week,phq9", *rows]).encode()
    done = import_courses(actor=ground.therapist, at=AT, plan=a_plan(ground.therapist), content=content)
    return [["outcomes.ImportBatch", {"id": str(done.batch_id), "clients": 2, "scores": 4}]]


def imports() -> dict[str, int]:
    return {
        "twice the batches": 2 * ImportBatch.objects.count(),
        "clients": BroughtClient.objects.count(),
        "half the rows": BroughtRow.objects.count() // 2,
        "half the scores": Score.objects.count() // 2,
        "twice the events": 2 * events("import", "import"),
        "clients' events": events("client", "create"),
    }


def renew(ground: Ground) -> list[Fact]:
    """A new practice key over every key."""
    renew_practice_key(actor=SYSTEM, at=AT)
    version = PracticeKey.objects.order_by("-version").values_list("version", flat=True)[0]
    return [["keys.PracticeKey", {"version__gte": version}]]


def back_up(ground: Ground) -> list[Fact]:
    """A backup in a folder of its own."""
    from rapport.config.operations.backup import back_up as backup

    number = len(list(ground.backups.glob("rapport-*")))
    return [[FOLDER, str(backup(ground.installation, ground.backups, at=AT + timedelta(minutes=number)).folder)]]


def events(object_type: str, *actions: str) -> int:
    """How often the trail says that something was done."""
    return AuditEvent.objects.filter(decision="allow", object_type=object_type, action__in=actions).count()


WORK = {
    "answers": Work(answer, (answers,)),
    "notes": Work(note, (notes, drafts)),
    "bookings": Work(book, (bookings, moves)),
    "signatures": Work(sign, (signatures, notes, bookings)),
    "imports": Work(bring, (imports,)),
    "key renewals": Work(renew),
    "backups": Work(back_up),
}
