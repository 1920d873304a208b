"""One's own account, invitations, the first hour of a practice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries, Settings
from tests.factories.accounts import PASSWORD, with_passkey, with_password
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.models import Account, SignInSession, SingleUseLink
from rapport.practice.security.policy.actor import NOBODY, SYSTEM, Role

FOUNDER = {
    "practice": "Lindenhof Psychotherapy",
    "alias": "Lindenhof",
    "phone": "+44 20 7946 0958",
    "zone": "Europe/London",
    "jurisdiction": "uk",
    "name": "Ruth Lind",
    "email": "ruth@practice.example",
    "password": PASSWORD,
    "is_therapist": "on",
}


def test_everybody_sees_how_they_sign_in() -> None:
    a_practice()
    therapist = a_therapist()
    with_passkey(therapist, clock.now())
    page = signed_in(therapist).get("/account/").content.decode()
    for words in ("Mara Okonjo", "Phone", "this one", "Sign out everywhere", "Choose a new password"):
        assert words in page


def test_the_page_costs_the_same_for_one_and_for_three(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    therapist = a_therapist()
    with_passkey(therapist, clock.now())
    browser = signed_in(therapist)
    browser.get("/account/")
    with django_assert_max_num_queries(40) as one:
        browser.get("/account/")
    for _ in range(2):
        with_passkey(therapist, clock.now())
        signed_in(therapist)
    SignInSession.objects.filter(ended_at__isnull=False).update(ended_at=None)
    with django_assert_max_num_queries(40) as three:
        browser.get("/account/")
    assert len(three) == len(one)


def test_a_new_password_is_checked_and_kept() -> None:
    client = client_account(a_course(a_therapist()))
    email = with_password(client)
    browser = signed_in(client)
    weak = browser.post("/account/password/", {"password": "password1234567"})
    assert weak.status_code == 422
    assert b"on the lists" in weak.content
    assert b"password1234567" not in weak.content
    assert browser.post("/account/password/", {"password": "  a walk with spaces  "}).status_code == 302
    entry = actions.sign_in_with_password(
        actor=NOBODY, at=clock.now(), email=email, password="  a walk with spaces  ", ip="192.0.2.1"
    )
    assert entry.actor.id == client.id


def test_one_browser_is_signed_out_from_another() -> None:
    therapist = a_therapist()
    here, there = signed_in(therapist), signed_in(therapist)
    facts = here.get("/account/").context["account"].sign_ins
    other = next(one for one in facts if not one.is_this_one)
    here.post(f"/account/sign-ins/{other.id}/end/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    stranger = signed_in(a_therapist("Alan Brook"))
    assert stranger.post(f"/account/sign-ins/{other.id}/end/").status_code == 404


def test_signing_out_everywhere_means_here_too() -> None:
    """B17."""
    therapist = a_therapist()
    here, there = signed_in(therapist), signed_in(therapist)
    here.post("/account/sign-out-everywhere/")
    assert [browser.get("/account/").status_code for browser in (here, there)] == [302, 302]


def test_asking_for_a_reset_looks_the_same_for_everybody() -> None:
    """B06."""
    a_practice()
    email = with_password(a_therapist())
    answers = [Browser().post("/password/forgotten/", {"email": address}) for address in (email, "no@mail.example")]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].content == answers[1].content


def test_a_reset_link_sets_a_password_and_signs_nobody_in() -> None:
    """B10."""
    a_practice()
    therapist = a_therapist()
    email = with_password(therapist, "an older one nobody recalls")
    actions.ask_for_reset(actor=NOBODY, at=clock.now(), email=email, ip="192.0.2.1")
    SingleUseLink.objects.filter(kind="password_reset").update(token_hash=actions_hash("known"))
    browser = Browser()
    assert browser.get("/password/new/known/").status_code == 200
    response = browser.post("/password/new/known/", {"password": PASSWORD})
    assert response["Location"] == "/sign-in/"
    assert browser.get("/account/").status_code == 302
    assert browser.get("/password/new/known/").status_code == 410


def actions_hash(token: str) -> bytes:
    from rapport.practice.security.accounts.queries import token_hash

    return token_hash(token)


def test_a_client_is_invited_on_paper_and_comes_in() -> None:
    a_practice()
    course = a_course(a_therapist())
    browser = signed_in(course.therapist)
    page = browser.get(f"/invite/{course.client}/")
    assert b"safe contact does not allow" in page.content
    sheet = browser.post(f"/invite/{course.client}/", {"how": "send"})  # not allowed, so it is shown instead
    address = sheet.context["address"]
    assert address.startswith("http://localhost/invitation/")
    client = Browser()
    page = client.get(address)
    assert b"Mara Okonjo of Lindenhof Psychotherapy" in page.content
    assert b"Jonas Weber" not in page.content
    path = address.removeprefix("http://localhost")
    weak = client.post(path, {"email": "jonas@mail.example", "password": "short"})
    assert weak.status_code == 422
    done = client.post(path, {"email": "jonas@mail.example", "password": PASSWORD})
    assert (done.status_code, done["Location"]) == (303, "/portal/")
    assert Account.objects.get(client_id=course.client).role_grants.get().role == Role.CLIENT
    assert client.get(path).status_code == 410
    assert b"has an account" in browser.get(f"/invite/{course.client}/").content


def test_strangers_cannot_invite() -> None:
    course = a_course(a_therapist())
    url = f"/invite/{course.client}/"
    assert signed_in(a_therapist("Alan Brook")).get(url).status_code == 404
    assert signed_in(client_account(course)).get(url).status_code == 403
    assert Browser().get(url).status_code == 302
    assert not SingleUseLink.objects.exists()


def test_an_invitation_is_made_useless() -> None:
    course = a_course(a_therapist())
    browser = signed_in(course.therapist)
    link = actions.invite_client(actor=course.therapist, at=clock.now(), client_id=course.client, name="Jonas Weber")
    stranger = signed_in(a_therapist("Alan Brook"))
    assert stranger.post(f"/invitation/{link.id}/revoke/").status_code == 404
    assert browser.post(f"/invitation/{link.id}/revoke/").status_code == 302
    assert Browser().get(f"/invitation/{link.token}/").status_code == 410


def test_the_founder_opens_the_practice_once() -> None:
    """B18: with the console's link; afterwards the page is gone."""
    link = actions.make_opening_link(actor=SYSTEM, at=clock.now())
    path = f"/open/{link.token}/"
    browser = Browser()
    assert b"Nobody works here yet" in browser.get("/sign-in/").content
    assert browser.get(path).status_code == 200
    for wrong in (
        {"alias": "Trauma Clinic"},
        {"password": "lindenhof ruth lind"},
        {"zone": "Mars/Base"},
        {"email": "x"},
    ):
        refused = browser.post(path, FOUNDER | wrong)
        assert refused.status_code == 422
        assert next(iter(wrong)) in refused.context["form"].errors
    assert not Account.objects.exists()
    done = browser.post(path, FOUNDER)
    assert (done.status_code, done["Location"]) == (303, "/second-factor/")
    facts = practice(viewer=SYSTEM, at=clock.now())
    assert (facts.name, facts.zone.key) == ("Lindenhof Psychotherapy", "Europe/London")
    assert browser.get("/second-factor/").status_code == 200
    assert browser.get(path).status_code == 404
    assert Browser().get("/open/guess/").status_code == 404


def test_a_guessed_opening_link_opens_nothing() -> None:
    assert Browser().get("/open/guess/").status_code == 410
    assert Browser().post("/open/guess/", FOUNDER).status_code == 410
    assert not Account.objects.exists()


def test_a_real_practice_has_no_demo_page(settings: Settings) -> None:
    """B18: no demo path exists in a real practice, nor from another machine."""
    a_manager()
    demo = replace(settings.INSTALLATION, demo=True)
    settings.INSTALLATION = demo
    link = actions.make_demo_link(actor=SYSTEM, at=clock.now(), role=Role.MANAGER)
    path = f"/demo/{link.token}/"
    assert Browser().get(path).status_code == 200
    assert Browser().get(path, REMOTE_ADDR="198.51.100.3").status_code == 404
    assert Browser().get(path, headers={"X-Forwarded-For": "198.51.100.3"}).status_code == 404
    settings.INSTALLATION = replace(demo, demo=False)
    assert Browser().get(path).status_code == 404
    assert Browser().post(path).status_code == 404
    unknown = Browser().get("/nowhere/")
    assert Browser().get(path).content == unknown.content
    settings.INSTALLATION = demo
    browser = Browser()
    assert SignInSession.objects.count() == 0  # looking at the link did not use it up
    assert browser.post(path)["Location"] == "/office/"
    assert browser.post(path).status_code == 410


@pytest.mark.parametrize("name", ["sign-in", "password/forgotten", "invitation/none", "password/new/none"])
def test_public_pages_read_well_without_a_practice(name: str) -> None:
    assert Browser().get(f"/{name}/").status_code in {200, 410}
