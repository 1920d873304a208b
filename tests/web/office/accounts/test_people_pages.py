"""Who works here, as the manager sees it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries
from tests.factories.accounts import PASSWORD
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.post.models import OutboxMessage
from rapport.practice.security.accounts.models import Account, SignInSession
from rapport.practice.security.accounts.queries import roles_of
from rapport.practice.security.approvals.tasks import run_due_acts
from rapport.practice.security.policy.actor import SYSTEM, Role

PEOPLE = "/office/people/"


def test_a_manager_sees_everybody_and_no_client() -> None:
    therapist = a_therapist()
    client_account(a_course(therapist, name="Jonas Weber"))
    page = signed_in(a_manager()).get(PEOPLE).content.decode()
    assert "Mara Okonjo" in page
    assert "no second factor yet" in page
    assert "Jonas" not in page


def test_the_list_costs_the_same_for_one_and_for_three(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = signed_in(a_manager())
    browser.get(PEOPLE)
    with django_assert_max_num_queries(40) as one:
        browser.get(PEOPLE)
    a_therapist()
    a_therapist("Alan Brook")
    with django_assert_max_num_queries(40) as three:
        browser.get(PEOPLE)
    assert len(one) == len(three)


def test_others_have_no_such_page() -> None:
    therapist = a_therapist()
    assert signed_in(therapist).get(PEOPLE).status_code == 403
    assert signed_in(client_account(a_course(therapist))).get(PEOPLE).status_code == 403
    assert Browser().get(PEOPLE).status_code == 302


def test_a_colleague_is_invited_and_sets_up_everything_alone() -> None:
    a_practice()
    browser = signed_in(a_manager())
    form = {"name": "Alan Brook", "email": "alan@practice.example", "roles": ["therapist"]}
    assert browser.post(PEOPLE + "invite/", form | {"roles": []}).status_code == 422
    assert browser.post(PEOPLE + "invite/", form | {"roles": ["client"]}).status_code == 422
    assert browser.post(PEOPLE + "invite/", form | {"how": "send"}).status_code == 302
    assert OutboxMessage.objects.get().kind == "staff_invitation"
    assert b"Alan Brook" in browser.get(PEOPLE).content
    address = browser.post(PEOPLE + "invite/", form | {"how": "show"}).context["address"]
    colleague = Browser()
    page = colleague.get(address)
    assert b"Ruth Lind invites you" in page.content
    done = colleague.post(address.removeprefix("http://localhost"), {"password": PASSWORD})
    assert done["Location"] == "/second-factor/"


def test_somebody_who_works_here_is_not_invited_again() -> None:
    browser = signed_in(a_manager())
    form = {"name": "Alan Brook", "email": "alan@practice.example", "roles": ["therapist"], "how": "show"}
    address = browser.post(PEOPLE + "invite/", form).context["address"]
    Browser().post(address.removeprefix("http://localhost"), {"password": PASSWORD})
    assert browser.post(PEOPLE + "invite/", form).status_code == 422


def test_roles_change_after_proving_it() -> None:
    manager, therapist = a_manager(), a_therapist()
    browser = signed_in(manager)
    url = f"{PEOPLE}{therapist.account}/role/"
    browser.post(url, {"role": "manager", "what": "grant"})
    assert roles_of(Account.objects.get(id=therapist.account)) == {Role.MANAGER, Role.THERAPIST}
    browser.post(url, {"role": "manager", "what": "end"})
    browser.post(url, {"role": "system", "what": "grant"})
    browser.post(url, {"role": "therapist", "what": "end"})
    assert roles_of(Account.objects.get(id=therapist.account)) == {Role.THERAPIST}
    own = browser.post(f"{PEOPLE}{manager.account}/role/", {"role": "manager", "what": "end"}, follow=True)
    assert b"Nobody changes their own roles" in own.content
    SignInSession.objects.update(stepped_up_at=clock.now() - timedelta(minutes=6))
    assert browser.post(url, {"role": "manager", "what": "grant"})["Location"].startswith("/step-up/")


def test_a_role_for_oneself_waits_three_days_where_nobody_else_can_agree() -> None:
    manager, at = a_manager(), clock.now()
    browser = signed_in(manager)
    url = f"{PEOPLE}{manager.account}/role/"
    assert b"two-person acts" in browser.post(url, {"role": "therapist", "what": "grant"}, follow=True).content
    assert b"asked for this already" in browser.post(url, {"role": "therapist", "what": "grant"}, follow=True).content
    run_due_acts(actor=SYSTEM, at=at + timedelta(hours=71))
    assert roles_of(Account.objects.get(id=manager.account)) == {Role.MANAGER}
    run_due_acts(actor=SYSTEM, at=at + timedelta(hours=73))
    assert roles_of(Account.objects.get(id=manager.account)) == {Role.MANAGER, Role.THERAPIST}
    assert browser.get(PEOPLE).status_code == 302  # a changed role ends every sign-in


def test_closing_an_account_and_opening_it_again() -> None:
    manager, therapist = a_manager(), a_therapist()
    browser, theirs = signed_in(manager), signed_in(therapist)
    browser.post(f"{PEOPLE}{therapist.account}/disable/")
    assert theirs.get("/account/").status_code == 302
    browser.post(f"{PEOPLE}{therapist.account}/enable/")
    assert Account.objects.get(id=therapist.account).disabled_at is None
    last = browser.post(f"{PEOPLE}{manager.account}/disable/", follow=True)
    assert b"nobody could manage the practice" in last.content
    client = client_account(a_course(therapist))
    assert browser.post(f"{PEOPLE}{client.account}/disable/").status_code == 404
    assert signed_in(therapist).post(f"{PEOPLE}{manager.account}/disable/").status_code == 403
