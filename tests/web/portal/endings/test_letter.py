"""The letter in the portal."""

from __future__ import annotations

from django.urls import reverse
from tests.factories.endings import a_released_letter
from tests.factories.people import a_course, a_therapist, client_account, signed_in

from rapport.practice.endings.models import Letter


def test_a_client_finds_and_keeps_their_letter() -> None:
    course = a_course(a_therapist())
    browser = signed_in(client_account(course))
    assert "Your letter is here" not in browser.get(reverse("portal:course")).content.decode()
    assert "No letter yet" in browser.get(reverse("portal:letter")).content.decode()
    a_released_letter(course)
    assert "Your letter is here" in browser.get(reverse("portal:course")).content.decode()
    assert "you did this." in browser.get(reverse("portal:letter")).content.decode()


def test_somebody_elses_letter_is_not_there() -> None:
    a_released_letter(a_course(a_therapist()))
    other = signed_in(client_account(a_course(a_therapist("Ben Stone"), name="Amina Bell")))
    assert other.get(reverse("portal:letter_file", args=[Letter.objects.get().id])).status_code == 404
    assert "you did this." not in other.get(reverse("portal:letter")).content.decode()


def test_a_therapist_reads_no_portal() -> None:
    assert signed_in(a_therapist()).get(reverse("portal:letter")).status_code in (403, 404)
