"""Addresses of the day, the diary, the room and its notes."""

from django.urls import include, path

from rapport.web.desk.sessions.views import diary, notes, room, session, today

urlpatterns = [
    path("", today.today, name="today"),
    path("", include("rapport.web.desk.sessions.free.urls")),
    path("diary/", diary.week, name="diary"),
    path("diary/book/", diary.book, name="book"),
    path("diary/series/", diary.series, name="series"),
    path("episodes/<uuid:episode_id>/sessions/", diary.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/", session.session, name="session"),
    path("sessions/<uuid:session_id>/move/", session.move, name="session_move"),
    path("sessions/<uuid:session_id>/cancel/", session.cancel, name="session_cancel"),
    path("sessions/<uuid:session_id>/missed/", session.missed, name="session_missed"),
    path("sessions/<uuid:session_id>/skip/", session.skip, name="session_skip"),
    path("sessions/<uuid:session_id>/times/", session.times, name="session_times"),
    path("sessions/<uuid:session_id>/note/", notes.begin, name="note_begin"),
    # The room keeps itself open while its hour runs: everything it needs answers below this address.
    path("room/<uuid:session_id>/", room.room, name="room"),
    path("room/<uuid:session_id>/start/", room.start, name="room_start"),
    path("room/<uuid:session_id>/end/", room.end, name="room_end"),
    path("room/<uuid:session_id>/say/", room.say, name="room_say"),
    path("room/<uuid:session_id>/note/", room.write, name="room_note"),
    path("notes/unsigned/", notes.unsigned, name="unsigned"),
    path("notes/<uuid:note_id>/", notes.note, name="note"),
    path("notes/<uuid:note_id>/save/", notes.save, name="note_save"),
    path("notes/<uuid:note_id>/compare/<uuid:draft>/", notes.compare, name="note_compare"),
    path("notes/<uuid:note_id>/addendum/", notes.amend, name="note_addendum"),
    path("notes/<uuid:note_id>/print/", notes.print_note, name="note_print"),
]
