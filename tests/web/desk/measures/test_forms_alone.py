"""One form alone, forms asked within the caps, files taken, problems rated again."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.measures import a_score
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.fhir import write_questionnaire
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import load_instrument
from rapport.practice.clients.choices import ClientDetails
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.record import sealed_details
from rapport.practice.episodes.actions import set_problems
from rapport.practice.episodes.choices import Problem
from rapport.practice.episodes.queries import problems
from rapport.practice.foundation import clock
from rapport.practice.measures.actions import assign, import_form, install_pack
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Administration, Assignment
from rapport.practice.measures.queries import scores
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.safety.models import Alert
from rapport.practice.security.audit.models import AuditEvent
from rapport.web.desk.measures.shown import picture

WEEK = timedelta(days=7)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def test_every_item_stands_beside_the_last_time(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, 3, 2, *[1] * 7, at=clock.now() - WEEK)
    form = a_score(course, client, 1, 2, *[1] * 6, None, at=clock.now())
    page = signed_in(course.therapist).get(reverse("desk:administration", args=[course.episode, form]))
    words = " ".join(page.content.decode().split())
    assert "Little interest or pleasure in doing things" in words
    assert "Nearly every day (3)" in words
    assert "−2" in words
    assert ">same<" in words
    assert "prefers to tell in person" in words
    assert "phq9/1 sum/1" in words
    assert AuditEvent.objects.filter(action="read", object_type="measure", object_id=form).exists()


def test_scales_and_patterns_are_said_with_their_limits(course: Course) -> None:
    form = a_score(course, client_account(course), *[2] * 20, instrument_id="pcl5", at=clock.now())
    page = signed_in(course.therapist).get(reverse("desk:administration", args=[course.episode, form])).content.decode()
    assert "Intrusions (B)" in page
    assert "The DSM-5 pattern of symptoms." in page
    assert "The answers show it." in page
    assert "no diagnosis" in page


def test_a_form_is_saved_as_fhir_without_a_name(course: Course) -> None:
    form = a_score(course, client_account(course), *[1] * 9, at=clock.now())
    answer = signed_in(course.therapist).get(reverse("desk:administration_fhir", args=[course.episode, form]))
    assert answer["Content-Type"] == "application/fhir+json"
    found = json.loads(answer.content)
    assert found["resourceType"] == "QuestionnaireResponse"
    assert found["item"][-1]["answer"] == [{"valueDecimal": 9.0}]
    assert "Jonas" not in answer.content.decode()


def test_strangers_find_no_form(course: Course) -> None:
    form = a_score(course, client_account(course), *[1] * 9, at=clock.now())
    other = a_course(a_therapist("Piet Adler"), "Eva Roth")
    for name in ("administration", "administration_fhir"):
        for person in (other.therapist, a_manager()):
            assert signed_in(person).get(reverse(f"desk:{name}", args=[course.episode, form])).status_code in (403, 404)
        desk = signed_in(course.therapist)
        assert desk.get(reverse(f"desk:{name}", args=[course.episode, uuid4()])).status_code == 404
        assert signed_in(other.therapist).get(reverse(f"desk:{name}", args=[other.episode, form])).status_code == 404


def test_the_form_costs_the_same_whatever_came_before(course: Course) -> None:
    client, counts = client_account(course), []
    for week in (3, 2, 1):
        form = a_score(course, client, *[1] * 9, at=clock.now() - week * WEEK)
        desk = signed_in(course.therapist)
        address = reverse("desk:administration", args=[course.episode, form])
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_too_much_is_refused_and_a_reason_lets_it_pass(course: Course) -> None:
    desk, address = signed_in(course.therapist), reverse("desk:assign", args=[course.episode])
    assert desk.post(address, {"instrument": "phq9", "rhythm": "each_session"}).status_code == 303
    refused = desk.post(address, {"instrument": "gad7", "rhythm": "each_session"})
    assert refused.status_code == 422
    assert "That makes 17 questions at once; 15 are the most here" in refused.content.decode()
    given = desk.post(address, {"instrument": "gad7", "rhythm": "each_session", "reason": "She wants both"})
    assert given.status_code == 303
    assert "She wants both" in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()
    every = {"instrument": "pcl5", "rhythm": "every_n", "every": "3"}
    assert desk.post(address, every).status_code == 303
    assert "Every 3 sessions" in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()


def test_a_set_is_asked_and_what_is_missing_is_named(course: Course) -> None:
    desk = signed_in(course.therapist)
    page = desk.post(reverse("desk:assign_set", args=[course.episode]), {"domain": "trauma"}, follow=True)
    assert "their wording is not here: ITQ" in page.content.decode()
    assert Assignment.objects.filter(instrument="pcl5", every=4).count() == 1
    assert desk.post(reverse("desk:assign_set", args=[course.episode]), {"domain": "x"}).status_code == 422


def fhir(**total: float) -> SimpleUploadedFile:
    items = [{"linkId": str(n), "answer": [{"valueInteger": 1}]} for n in range(1, 10)]
    items += [{"linkId": "total", "answer": [{"valueDecimal": value}]} for value in total.values()]
    return SimpleUploadedFile(
        "r.json", json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}).encode()
    )


def test_a_file_whose_total_is_wrong_says_so_and_its_answers_count(course: Course) -> None:
    desk, address = signed_in(course.therapist), reverse("desk:bring_response", args=[course.episode, "phq9"])
    assert desk.get(address).status_code == 200
    kept = desk.post(address, {"answered_on": "2026-01-05", "file": fhir(stated=13)}, follow=True)
    assert "The file states a total of 13; its answers come to 9" in kept.content.decode()
    row = Administration.objects.get()
    assert (row.mode, Alert.objects.count()) == ("imported", 1)
    assert b"13" not in bytes(row.stated_sealed or b"")


def test_a_bad_file_keeps_nothing(course: Course) -> None:
    desk, address = signed_in(course.therapist), reverse("desk:bring_response", args=[course.episode, "gad7"])
    page = desk.post(address, {"answered_on": "2026-01-05", "file": fhir()})
    assert page.status_code == 422
    assert "item[7].linkId" in page.content.decode()
    future = desk.post(address, {"answered_on": "2999-01-01", "file": SimpleUploadedFile("r.json", b"{}")})
    assert future.status_code == 422
    assert not Administration.objects.exists()


def test_numbers_are_copied_from_a_licensed_paper(course: Course) -> None:
    desk, address = signed_in(course.therapist), reverse("desk:paper", args=[course.episode, "wsas"])
    assert "Its wording is not here" in desk.get(address).content.decode()
    typed = {str(n): "4" for n in range(2, 6)} | {"1": "in-person", "answered_on": "2026-01-05", "mode": "paper"}
    assert desk.post(address, typed).status_code == 303
    form = Administration.objects.get()
    page = desk.get(reverse("desk:administration", args=[course.episode, form.id])).content.decode()
    assert "Question 5" in page
    assert ">16<" in "".join(page.split())


def test_problems_are_rated_again(course: Course) -> None:
    said = (Problem(ProblemDomain.TRAUMA, "The bridge", 9), Problem(ProblemDomain.RELATIONSHIP, "Rows", 5))
    set_problems(actor=course.therapist, at=clock.now(), episode_id=course.episode, problems=said)
    desk = signed_in(course.therapist)
    assert "The bridge" in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()
    address = reverse("desk:rate_problems", args=[course.episode])
    assert desk.post(address, {"impact-0": "6", "impact-1": "11"}).status_code == 303
    now = problems(viewer=course.therapist, at=clock.now(), episode_id=course.episode)
    assert [(one.words, one.impact) for one in now] == [("The bridge", 6), ("Rows", 5)]
    assert "9" in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()
    assert signed_in(a_therapist("Nora Bell")).post(address, {"impact-0": "1"}).status_code == 404


def test_an_own_form_has_a_paper_and_a_file_of_its_own(course: Course) -> None:
    raw = json.dumps(write_questionnaire(load_instrument("gad7")) | {"title": "Evening scale"})
    key = import_form(
        actor=course.therapist, at=clock.now(), raw=raw, direction=Direction.LOWER, licence="ours", needs_person={}
    )
    desk = signed_in(course.therapist)
    page = desk.get(reverse("desk:measures", args=[course.episode]))
    assert page.status_code == 200
    for name in ("paper", "bring_response"):
        address = reverse(f"desk:{name}", args=[course.episode, key])
        assert f'href="{address}"' in page.content.decode()
        assert desk.get(address).status_code == 200
    typed = {str(n): "1" for n in range(1, 8)} | {"answered_on": "2026-01-05", "mode": "paper"}
    for _twice in range(2):
        assert desk.post(reverse("desk:paper", args=[course.episode, key]), typed).status_code == 303
    assert Administration.objects.get().instrument == key
    assert desk.get(reverse("desk:paper", args=[course.episode, "own.nothing"])).status_code == 404


def test_too_much_at_the_beginning_is_said_and_a_reason_lets_it_pass(course: Course) -> None:
    desk, address = signed_in(course.therapist), reverse("desk:assign_pack", args=[course.episode])
    for name in ("pcl5", "phq15", "pswq", "phq4", "phq2"):
        if name == "pswq":
            install_pack(actor=a_manager(), at=clock.now(), pack=name)
        assign(
            actor=course.therapist, at=clock.now(), episode_id=course.episode, instrument_id=name, rhythm=Rhythm.ONCE
        )
    refused = desk.post(address)
    assert refused.status_code == 422
    assert "60 are the most here" in refused.content.decode()
    assert f'action="{address}"' in refused.content.decode()
    assert Assignment.objects.count() == 5
    assert desk.post(address, {"reason": "She asked for it"}).status_code == 303
    assert Assignment.objects.count() == 8


def test_a_child_is_drawn_without_the_bands_of_adults(course: Course) -> None:
    a_score(course, client_account(course), *[1] * 9, at=clock.now())

    def drawn(years: int) -> tuple[int, bool]:
        details = ClientDetails(name="Jonas Weber", date_of_birth=(clock.now() - timedelta(days=366 * years)).date())
        Client.objects.filter(id=course.client).update(**sealed_details(course.client, details))
        (series,) = scores(viewer=course.therapist, at=clock.now(), episode_id=course.episode)
        found = picture(series, practice_zone())
        return len(found.bands), found.cut is not None

    assert drawn(14) == (0, False)
    assert drawn(30) == (5, True)
