"""A question whose SQL is worked out once gives the rows that it would give if it were built each time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from tests.as_prepared import compared
from tests.factories.people import AT, Course, a_course, a_therapist

from rapport.practice.episodes.models import CareRelationship, Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.foundation.prepared import MANY, prepared
from rapport.practice.security.policy.actor import NOBODY, Actor, Role


@pytest.fixture
def courses() -> list[Course]:
    therapist = a_therapist()
    return [a_course(therapist, f"Client {number}") for number in range(3)]


def counting(build: Callable[..., QuerySet[Any, Any]]) -> tuple[Callable[..., list[Any]], list[object]]:
    """A prepared question, and how often it was built by it (not by the tests, which build it each time)."""
    built: list[object] = []

    def noted(*args: Any) -> QuerySet[Any, Any]:
        if any(type(each) not in {UUID, datetime, Actor, str, type(None), set} for each in args):
            built.append(args)
        return build(*args)

    return prepared(noted), built


def test_it_is_built_once_and_answers_for_each_value(courses: list[Course]) -> None:
    ask, built = counting(lambda episode: Episode.objects.filter(id=episode).values_list("client_id", flat=True))
    assert [ask(one.episode) for one in courses] == [[one.client] for one in courses]
    assert ask(uuid4()) == []
    assert len(built) == 1


def test_rows_come_as_models_with_what_was_fetched_beside_them(courses: list[Course]) -> None:
    @prepared
    def care(therapist: UUID) -> QuerySet[CareRelationship]:
        return CareRelationship.objects.filter(account=therapist).select_related("episode").order_by("id")

    with CaptureQueriesContext(connection) as asked:
        rows = care(courses[0].therapist.account)
        assert {row.episode.client_id for row in rows} == {one.client for one in courses}
    assert len(asked) == 1
    assert all(isinstance(row.started_at, datetime) and row.started_at.tzinfo for row in rows)


def test_moments_find_their_places(courses: list[Course]) -> None:
    @prepared
    def begun(since: datetime, until: datetime, by: UUID) -> QuerySet[CareRelationship, UUID]:
        rows = CareRelationship.objects.filter(started_at__gte=since, started_at__lt=until, account=by)
        return rows.values_list("client_id", flat=True)

    by, day = courses[0].therapist.account, timedelta(days=1)
    assert len(begun(AT - day, AT + day, by)) == 3
    assert begun(AT + day, AT + 2 * day, by) == []
    assert begun(AT - day, AT + day, uuid4()) == []


def test_a_role_and_what_is_none_have_sql_of_their_own(courses: list[Course]) -> None:
    @prepared
    def of(actor: Actor, at: datetime) -> QuerySet[Episode, UUID]:
        mine = Q(client__in=care_of(actor, at).values("client"))
        everything = Role.MANAGER in actor.roles
        own = Q(client_id=actor.client_id) if actor.client_id else Q(pk__in=[])
        return Episode.objects.filter(Q() if everything else mine | own).values_list("id", flat=True)

    therapist, stranger = courses[0].therapist, a_therapist("Somebody else")
    client = Actor(uuid4(), frozenset({Role.CLIENT}), client_id=courses[1].client)
    manager = Actor(uuid4(), frozenset({Role.MANAGER}))
    for _again in range(2):
        assert len(of(therapist, AT)) == 3
        assert of(stranger, AT) == of(NOBODY, AT) == []
        assert of(client, AT) == [courses[1].episode]
        assert len(of(manager, AT)) == 3


@pytest.mark.parametrize("how_many", [0, 1, 2, 3, 5, 8, MANY + 1])
def test_any_number_of_ids(courses: list[Course], how_many: int) -> None:
    @prepared
    def among(episodes: Collection[UUID]) -> QuerySet[Episode, UUID]:
        return Episode.objects.filter(id__in=episodes).values_list("id", flat=True)

    ids = [one.episode for one in courses][:how_many] + [uuid4() for _ in range(how_many - 3)]
    with CaptureQueriesContext(connection) as asked:
        assert {*among(ids)} == {*ids} & {one.episode for one in courses}
    assert len(asked) == (how_many > 0)  # of nobody nothing needs to be asked


def test_as_many_ids_as_fit_one_shape_are_built_once(courses: list[Course]) -> None:
    ask, built = counting(lambda episodes: Episode.objects.filter(id__in=episodes))
    for how_many in (5, 6, 7, 8):
        ask({uuid4() for _ in range(how_many)})
    assert len(built) == 1


@pytest.mark.parametrize(
    "reckons",
    [
        lambda who, at: Q(started_at__gte=at - timedelta(days=1)),
        lambda who, at: Q(started_at__gte=at + timedelta(days=1)),
        lambda who, at: Q(started_at__date=at.date()),
        lambda who, at: Q() if at < AT else Q(account=who),
        lambda who, at: Q() if at > AT else Q(account=who),
        lambda who, at: Q() if at == AT else Q(account=who),
        lambda who, at: Q() if at != AT else Q(account=who),
        lambda who, at: Q(started_at=at.replace(hour=9)),
        lambda who, at: Q() if who == UUID(int=1) else Q(account=who),
        lambda who, at: Q() if who != UUID(int=1) else Q(account=who),
        lambda who, at: Q() if who < UUID(int=1) else Q(account=who),
    ],
)
def test_sql_that_depends_on_a_value_is_refused(reckons: Callable[[UUID, datetime], Q]) -> None:
    ask = prepared(lambda who, at: CareRelationship.objects.filter(reckons(who, at)))
    with pytest.raises(TypeError, match="work it out before"):
        ask(uuid4(), AT)


def test_sql_that_depends_on_anything_else_is_noticed_here(courses: list[Course]) -> None:
    """The control: what the whole suite compares would be seen if it were so."""
    closed: list[bool] = []
    ask = prepared(lambda episode: Episode.objects.filter(id=episode, closed_at__isnull=not closed))
    with compared():
        assert len(ask(courses[0].episode)) == 1
        closed.append(True)
        with pytest.raises(AssertionError, match="is not"):
            ask(courses[0].episode)
