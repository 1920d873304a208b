"""The course and caseload pages."""

from __future__ import annotations

import uuid
from datetime import date

from django.urls import reverse
from tests.factories.episodes import referred
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.clients.choices import ClientDetails
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.record import sealed_details
from rapport.practice.episodes.actions import add_goal
from rapport.practice.outcomes.actions import read_new_scores
from rapport.practice.outcomes.models import SignalRead
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import SYSTEM


def test_the_course_says_one_plain_sentence_and_shows_what_is_behind_it() -> None:
    a_practice()
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 14, 9)
    add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Cycle to work", value=3)
    page = signed_in(course.therapist).get(reverse("desk:course", args=[course.episode])).content.decode()
    assert "Fallen from 17 to 9. More than measurement error explains, and now below the usual cut-off." in page
    assert "NHS Talking Therapies: a case from 10, reliable from a change of 6 points." in page
    assert "recovered" in page
    assert "usual cut-off" in page
    assert "reliably better than the start" in page
    assert "Cycle to work" in page
    assert "Smallest reliable change" in page
    assert "<table" in page


def test_the_lines_of_adults_are_not_drawn_for_a_child() -> None:
    a_practice()
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 14, 9)

    def drawn(born: date) -> bool:
        details = ClientDetails(name="Jonas Weber", date_of_birth=born)
        Client.objects.filter(id=course.client).update(**sealed_details(course.client, details))
        page = signed_in(course.therapist).get(reverse("desk:course", args=[course.episode])).content.decode()
        return "usual cut-off at 10" in page

    assert drawn(date(1980, 5, 1))
    assert not drawn(date(AT.year - 14, 5, 1))


def test_a_child_is_not_called_recovered_by_the_norms_of_adults() -> None:
    a_practice()
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 14, 9)
    details = ClientDetails(name="Jonas Weber", date_of_birth=date(AT.year - 14, 5, 1))
    Client.objects.filter(id=course.client).update(**sealed_details(course.client, details))
    read_new_scores(actor=SYSTEM, at=AT)
    desk = signed_in(course.therapist)
    page = desk.get(reverse("desk:course", args=[course.episode])).content.decode()
    caseload = desk.get(reverse("desk:caseload")).content.decode()
    for said in (page, caseload):
        assert "recovered" not in said
    assert "Scores are there, without norms to judge a change by." in page
    assert not SignalRead.objects.exclude(signal="").exists()


def test_growth_work_gets_words_that_fit() -> None:
    course = a_course(a_therapist())
    totals(course, "gad7", 3, 2)
    page = signed_in(course.therapist).get(reverse("desk:course", args=[course.episode])).content.decode()
    assert "what counts here are the goals and staying well" in page
    assert "began in the healthy range" in page
    assert "unchanged" not in page


def test_a_course_without_anything_is_not_empty_of_words() -> None:
    course = a_course(a_therapist())
    page = signed_in(course.therapist).get(reverse("desk:course", args=[course.episode]))
    assert page.status_code == 200
    assert "Nothing has been measured yet" in page.content.decode()


def test_strangers_clients_and_managers_see_no_course() -> None:
    course = a_course(a_therapist())
    url = reverse("desk:course", args=[course.episode])
    foreign = signed_in(a_therapist("Ben Stone")).get(url)
    unknown = signed_in(a_therapist("Cleo Marsh")).get(reverse("desk:course", args=[uuid.uuid4()]))
    assert foreign.status_code == unknown.status_code == 404
    assert signed_in(client_account(course)).get(url).status_code == 403
    assert signed_in(a_manager()).get(url).status_code == 403


def test_the_caseload_counts_all_four_and_names_the_rule() -> None:
    mara = a_therapist()
    for name, values in {"Ada": (17, 9), "Bo": (17, 11), "Cy": (17, 16), "Di": (12, 20)}.items():
        totals(a_course(mara, name=name), "phq9", *values)
    page = signed_in(mara).get(reverse("desk:caseload")).content.decode()
    assert "1 recovered, 1 improved, 1 unchanged, 1 deteriorated" in page
    assert "NHS Talking Therapies" in page
    assert page.index("Di") < page.index("Ada")
    assert "17 → 9" in page


def test_a_caseload_of_nobody() -> None:
    assert "Nobody is in your care yet" in signed_in(a_therapist()).get(reverse("desk:caseload")).content.decode()


def test_a_course_that_goes_wrong_stands_on_the_first_page_and_only_its_reading_is_kept() -> None:
    anna = a_therapist()
    worse, better = a_course(anna), a_course(anna)
    totals(worse, "phq9", 12, 20)
    totals(better, "phq9", 20, 12)
    page = signed_in(anna).get(reverse("desk:today")).content.decode()
    assert "Reliably worse than at the start." in page
    assert reverse("desk:course", args=[worse.episode]) in page
    assert reverse("desk:course", args=[better.episode]) not in page
    read = set(AuditEvent.objects.filter(object_type="measure", action="read").values_list("client", flat=True))
    assert read == {worse.client}


def test_a_referral_that_waits_stands_on_the_first_page() -> None:
    anna = a_therapist()
    referred(anna)
    assert "One referral waits for an answer" in signed_in(anna).get(reverse("desk:today")).content.decode()
