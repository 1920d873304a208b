"""Taking clients on, their details and safe contact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.clients.actions import edit_client, register_client, set_safe_contact
from rapport.practice.clients.choices import Channel, ClientDetails, SafeContact
from rapport.practice.clients.models import Client, SafeContactVersion
from rapport.practice.clients.queries import contact, directory, names, namesakes, safe_contact, safe_contact_history
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.clients.tasks import sweep_orphan_keys
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.keys.models import CompartmentKey
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import NOBODY, SYSTEM

LENA = ClientDetails(
    name="Lena Tamm",
    preferred_name="Leni",
    pronouns="she/her",
    date_of_birth=date(1990, 2, 28),
    languages="Estonian, English",
    interpreter=True,
    access_needs="A step-free room",
    email="Lena@Mail.Example",
    phone="0044 20 7946 0958",
    address="1 Lime Street\nLondon",
    emergency_contact="Her sister Mai, 020 7946 0011",
    emergency_may_know="Only that Lena needs her",
)
EVENINGS = SafeContact(
    channels=frozenset({Channel.EMAIL, Channel.PHONE}),
    voicemail=True,
    days=frozenset({0, 2}),
    hours_from=time(18),
    hours_until=time(20),
    shared_device=True,
    hide_portal_mail=True,
    neutral_sender=False,
    never_if="somebody else answers",
)


def allowed(kind: str) -> list[str]:
    return list(AuditEvent.objects.filter(object_type=kind, decision="allow").values_list("action", flat=True))


def test_a_client_is_taken_on_with_everything_sealed() -> None:
    manager = a_manager()
    client = register_client(actor=manager, at=AT, name="Lena Tamm", details=LENA, safe_contact=EVENINGS)
    facts = contact(viewer=manager, at=AT, client_id=client)
    assert facts.details == replace(LENA, email="Lena@mail.example", phone="+442079460958")
    assert facts.called == "Leni"
    assert facts.safe.contact == EVENINGS
    assert allowed("client") == ["create", "read"]
    row = Client.objects.get(id=client)
    kept = bytes(row.name_sealed) + bytes(row.details_sealed)
    kept += bytes(SafeContactVersion.objects.get(client_id=client).content_sealed)
    assert not [word for word in (b"Lena", b"1990", b"sister", b"answers", b"email") if word in kept]


def test_only_staff_take_clients_on() -> None:
    course = a_course(a_therapist())
    for stranger in (NOBODY, client_account(course)):
        with pytest.raises(Forbidden):
            register_client(actor=stranger, at=AT, name="Lena Tamm")
    assert AuditEvent.objects.filter(decision="deny", object_type="client").count() == 2


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": " "}),
        ("date_of_birth", {"date_of_birth": date(2026, 3, 3)}),
        ("date_of_birth", {"date_of_birth": date(1899, 12, 31)}),
        ("email", {"email": "lena"}),
        ("phone", {"phone": "lena"}),
        ("address", {"address": "x" * 2001}),
    ],
)
def test_details_that_cannot_be_so_are_refused_and_leave_no_client(field: str, change: dict[str, Any]) -> None:
    wrong = replace(LENA, **change)
    with pytest.raises(DetailRefused) as refused:
        register_client(actor=a_manager(), at=AT, name=wrong.name, details=wrong)
    assert refused.value.field == field
    assert not Client.objects.exists()


def test_details_are_edited_by_whoever_cares_and_by_no_other_therapist() -> None:
    course = a_course(a_therapist())
    edit_client(actor=course.therapist, at=AT, client_id=course.client, details=LENA)
    assert contact(viewer=course.therapist, at=AT, client_id=course.client).name == "Lena Tamm"
    other = a_therapist("Ida Other")
    for foreign in (course.client, uuid4()):
        with pytest.raises(NotFound):
            edit_client(actor=other, at=AT, client_id=foreign, details=LENA)
        with pytest.raises(NotFound):
            contact(viewer=other, at=AT, client_id=foreign)
        with pytest.raises(NotFound):
            set_safe_contact(actor=other, at=AT, client_id=foreign, contact=EVENINGS)
    assert AuditEvent.objects.filter(decision="deny", client=None).count() == 4  # queries are recorded by the page


def test_an_unknown_client_is_not_found_by_a_manager_either() -> None:
    with pytest.raises(NotFound):
        contact(viewer=a_manager(), at=AT, client_id=uuid4())
    with pytest.raises(NotFound):
        edit_client(actor=a_manager(), at=AT, client_id=uuid4(), details=LENA)


def test_safe_contact_is_off_until_asked_and_every_version_stays() -> None:
    course = a_course(a_therapist())
    client = client_account(course)
    assert safe_contact(viewer=client, at=AT, client_id=course.client).contact == SafeContact()
    assert set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=EVENINGS) == 1
    assert set_safe_contact(actor=client, at=AT, client_id=course.client, contact=SafeContact()) == 2
    newest, oldest = safe_contact_history(viewer=course.therapist, at=AT, client_id=course.client)
    assert (newest.contact, newest.version, newest.set_by) == (SafeContact(), 2, client.id)
    assert (oldest.contact, oldest.version, oldest.set_by) == (EVENINGS, 1, course.therapist.id)
    assert allowed("safe_contact") == ["read", "edit", "edit", "read"]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(EVENINGS, days=frozenset()),
        replace(EVENINGS, days=frozenset({9})),
        replace(EVENINGS, hours_from=time(20), hours_until=time(18)),
        replace(EVENINGS, never_if="x" * 2001),
    ],
)
def test_a_safe_contact_nobody_could_follow_is_refused(wrong: SafeContact) -> None:
    course = a_course(a_therapist())
    with pytest.raises(DetailRefused):
        set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=wrong)
    assert not SafeContactVersion.objects.exists()


def test_the_directory_holds_own_clients_for_a_therapist_and_all_names_for_a_manager() -> None:
    mine, other = a_therapist(), a_therapist("Ida Other")
    own = [a_course(mine, "zoë ash"), a_course(mine, "Ada Ash")]
    a_course(other, "Bea Birch")
    assert [entry.name for entry in directory(viewer=mine, at=AT)] == ["Ada Ash", "zoë ash"]
    assert [entry.name for entry in directory(viewer=a_manager(), at=AT)] == ["Ada Ash", "Bea Birch", "zoë ash"]
    assert directory(viewer=a_manager(), at=AT, own=True) == ()
    assert [entry.name for entry in directory(viewer=mine, at=AT, search="ZOE")] == ["zoë ash"]
    assert directory(viewer=mine, at=AT, search="birch") == ()
    for stranger in (NOBODY, client_account(own[0])):
        with pytest.raises(Forbidden):
            directory(viewer=stranger, at=AT)


def test_a_client_sees_themselves_and_nobody_else() -> None:
    therapist = a_therapist()
    mine, other = a_course(therapist, "Ada Ash"), a_course(therapist, "Bea Birch")
    client = client_account(mine)
    assert contact(viewer=client, at=AT, client_id=mine.client).name == "Ada Ash"
    with pytest.raises(NotFound):
        contact(viewer=client, at=AT, client_id=other.client)


def test_namesakes_are_a_warning_within_what_one_may_see() -> None:
    therapist, manager = a_therapist(), a_manager()
    course = a_course(therapist, "Lena Tamm")
    edit_client(actor=therapist, at=AT, client_id=course.client, details=LENA)
    born = LENA.date_of_birth

    def found(viewer: Any, name: str, day: date | None) -> int:
        return len(namesakes(viewer=viewer, at=AT, name=name, date_of_birth=day))

    assert found(manager, "lena  TAMM", born) == 1
    assert found(manager, "Lena Tamm", None) == 1
    assert found(manager, "Lena Tamm", date(1990, 2, 27)) == 0
    assert found(manager, "Lena", born) == 0
    assert found(a_therapist("Ida Other"), "Lena Tamm", born) == 0
    assert register_client(actor=manager, at=AT, name="Lena Tamm", details=LENA) != course.client
    assert Client.objects.count() == 2


def test_names_of_the_erased_are_left_out() -> None:
    course = a_course(a_therapist())
    assert names(viewer=course.therapist, at=AT, client_ids=[course.client]) == {course.client: "Jonas Weber"}
    Client.objects.update(erased_at=AT)
    assert names(viewer=course.therapist, at=AT, client_ids=[course.client]) == {}
    assert directory(viewer=a_manager(), at=AT) == ()


def test_keys_without_a_client_are_swept_after_an_hour() -> None:
    kept, orphan = a_course(a_therapist()), uuid4()
    keys.create_compartment("client", orphan)
    made = CompartmentKey.objects.get(subject=orphan).created_at
    assert sweep_orphan_keys(actor=SYSTEM, at=made + timedelta(minutes=59)) == 0
    assert sweep_orphan_keys(actor=SYSTEM, at=made + timedelta(minutes=61)) == 1
    assert not CompartmentKey.objects.filter(subject=orphan).exists()
    assert CompartmentKey.objects.filter(subject=kept.client).exists()
    assert allowed("system_task") == ["sweep_keys"]
    with pytest.raises(Forbidden):
        sweep_orphan_keys(actor=kept.therapist, at=AT)
