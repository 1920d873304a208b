"""On PostgreSQL the database itself holds the diary free of overlaps, whoever looked first."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from tests.postgres_cluster import Server

from rapport.practice.sessions.migrations._guards import allow, forbid

TABLE = """
create table episodes_episode (id uuid, client_id uuid);
create table therapy_sessions_therapysession (
    therapist_id uuid not null, room_id uuid, planned_start timestamptz, planned_end timestamptz, state text,
    client_id uuid, episode_id uuid
)"""
DROP = "drop table if exists therapy_sessions_therapysession, episodes_episode"
INSERT = "insert into therapy_sessions_therapysession values (%s, %s, %s, %s, %s, %s, %s)"
NINE, HALF_PAST, TEN = "2026-03-02 09:00+00", "2026-03-02 09:30+00", "2026-03-02 10:00+00"


class Editor:
    """As much of Django's schema editor as the migration uses."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = type("Connection", (), {"vendor": "postgresql"})
        self.execute = connection.execute


@pytest.mark.postgres
def test_overlaps_are_refused_by_name_and_meeting_hours_are_not(postgres: Server) -> None:
    therapist, other, room = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    one, two = (uuid.uuid4(), uuid.uuid4()), (uuid.uuid4(), uuid.uuid4())
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(DROP)
        connection.execute(TABLE)
        forbid(None, Editor(connection))
        for client, episode in (one, two):
            connection.execute("insert into episodes_episode values (%s, %s)", (episode, client))
        connection.execute(INSERT, (therapist, room, NINE, TEN, "planned", *one))
        with pytest.raises(psycopg.errors.ExclusionViolation, match="no_two_sessions_of_therapist"):
            connection.execute(INSERT, (therapist, None, HALF_PAST, TEN, "planned", *two))
        with pytest.raises(psycopg.errors.ExclusionViolation, match="no_two_sessions_in_room"):
            connection.execute(INSERT, (other, room, HALF_PAST, TEN, "running", *two))
        with pytest.raises(psycopg.errors.ExclusionViolation, match="no_two_sessions_of_client"):
            connection.execute(INSERT, (other, None, HALF_PAST, TEN, "planned", *one))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="client_is_of_the_episode"):
            connection.execute(INSERT, (other, None, HALF_PAST, TEN, "planned", two[0], one[1]))
        connection.execute(INSERT, (therapist, room, TEN, "2026-03-02 11:00+00", "planned", *two))
        connection.execute(INSERT, (therapist, room, HALF_PAST, TEN, "cancelled", *one))
        allow(None, Editor(connection))
        connection.execute(DROP)
