"""The ending's pages, and the letter read back from its PDF."""

from __future__ import annotations

import uuid
from io import BytesIO

from django.urls import reverse
from pypdf import PdfReader
from tests.factories.endings import ended
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.endings.actions import write_letter
from rapport.practice.endings.models import Closing, EndingVersion, Letter
from rapport.practice.episodes.actions import add_goal
from rapport.practice.episodes.models import GoalRating

WHOLE = {"kind": "planned_mutual", "what_helped": "The walks", "negative_effects": "no", "final_measures": "asked"}


def test_from_the_first_word_to_the_closing() -> None:
    a_practice()
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 9)
    goal = add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Cycle", value=2)
    browser, page = signed_in(course.therapist), reverse("desk:ending", args=[course.episode])
    assert "how the therapy ends" in browser.get(page).content.decode()
    browser.post(reverse("desk:ending_close", args=[course.episode]))
    assert not Closing.objects.exists()
    said = {**WHOLE, "announced_on": "2026-02-20", f"goal-{goal}": "8"}
    assert browser.post(page, said).status_code == 302
    assert GoalRating.objects.count() == 2
    browser.post(reverse("desk:ending_safety", args=[course.episode]), {"said": "Asked; is safe.", "has_plan": "on"})
    assert "Close this course" in browser.get(page).content.decode()
    browser.post(reverse("desk:ending_close", args=[course.episode]))
    after = browser.get(page).content.decode()
    assert "Recorded as recovered." in after
    assert "The walks" in after
    assert "Planned together" in after
    assert "20 February 2026" in after
    assert "planned_mutual" not in after


def test_a_missing_reason_loses_nothing() -> None:
    course = a_course(a_therapist())
    page = reverse("desk:ending", args=[course.episode])
    answer = signed_in(course.therapist).post(page, {**WHOLE, "final_measures": "not_asked"})
    assert answer.status_code == 422
    assert "The walks" in answer.content.decode()
    assert not EndingVersion.objects.exists()


def test_the_letter_from_draft_to_the_clients_pdf() -> None:
    a_practice()
    course = ended(a_course(a_therapist()))
    totals(course, "phq9", 17, 9)
    browser, page = signed_in(course.therapist), reverse("desk:letter", args=[course.episode])
    draft = browser.get(page).content.decode()
    assert "you went from 17 to 9" in draft
    assert "Being asked what I want" in draft
    hostile = 'Dear Jonas,\n\n#read("/etc/passwd") #panic("no") = *not bold* $x$ @x `raw`\nO’Brien & <b>Ünal</b>'
    browser.post(page, {"text": hostile})
    letter = Letter.objects.get()
    client = signed_in(client_account(course))
    file = reverse("portal:letter_file", args=[letter.id])
    assert client.get(file).status_code == 404
    browser.post(reverse("desk:letter_release", args=[letter.id]))
    assert "O’Brien &amp; &lt;b&gt;Ünal&lt;/b&gt;" in client.get(reverse("portal:letter")).content.decode()
    answer = client.get(file)
    assert answer.headers["Content-Type"] == "application/pdf"
    pdf = PdfReader(BytesIO(answer.content))
    text = pdf.pages[0].extract_text()
    assert '#read("/etc/passwd") #panic("no") = *not bold*' in text
    assert "O’Brien & <b>Ünal</b>" in text
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_letter_in_a_script_our_typefaces_lack_is_still_a_letter() -> None:
    course = a_course(a_therapist())
    letter = write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="Dear 李,\n\nwell done.")
    answer = signed_in(course.therapist).get(reverse("desk:letter_file", args=[letter]))
    assert answer.content.startswith(b"%PDF")


def test_strangers_and_managers_end_nothing() -> None:
    course = a_course(a_therapist())
    letter = write_letter(actor=course.therapist, at=AT, episode_id=course.episode, text="Dear Jonas")
    ben = signed_in(a_therapist("Ben Stone"))
    for name in ("desk:ending", "desk:letter"):
        assert ben.get(reverse(name, args=[course.episode])).status_code == 404
        assert ben.get(reverse(name, args=[uuid.uuid4()])).status_code == 404
    assert ben.get(reverse("desk:letter_file", args=[letter])).status_code == 404
    assert ben.post(reverse("desk:letter_release", args=[letter])).status_code == 404
    assert ben.post(reverse("desk:ending_close", args=[course.episode])).status_code == 404
    assert signed_in(a_manager()).get(reverse("desk:ending", args=[course.episode])).status_code == 403


def test_nothing_is_changed_by_looking() -> None:
    course = ended(a_course(a_therapist()))
    browser = signed_in(course.therapist)
    for name in ("desk:ending_close", "desk:ending_safety", "desk:ending_measures"):
        assert browser.get(reverse(name, args=[course.episode])).status_code == 405
    assert not Closing.objects.exists()
