"""Addresses of the day, the diary, the room and its notes."""

from django.urls import path

from rapport.web.desk.sessions.views import booking, diary, marks, moving, notes, prep, room, session, table, today

urlpatterns = [
    path("", today.today, name="today"),
    path("diary/", diary.diary, name="diary"),
    path("diary/names/", diary.names, name="diary_names"),
    path("diary/book/", booking.book, name="book"),
    path("diary/series/", booking.series, name="series"),
    path("diary/series/<uuid:series_id>/end/", moving.end, name="series_end"),
    path("episodes/<uuid:episode_id>/sessions/", diary.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/", session.session, name="session"),
    path("sessions/<uuid:session_id>/prep/", prep.prep, name="prep"),
    path("sessions/<uuid:session_id>/move/", moving.move, name="session_move"),
    path("sessions/<uuid:session_id>/place/", moving.elsewhere, name="session_place"),
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
    path("room/<uuid:session_id>/mark/", marks.mark, name="room_mark"),
    path("room/<uuid:session_id>/mark/words/", marks.words, name="room_words"),
    path("room/<uuid:session_id>/did/", marks.did, name="room_did"),
    path("room/<uuid:session_id>/earlier/", marks.earlier, name="room_earlier"),
    path("room/<uuid:session_id>/undo/", marks.undo, name="room_undo"),
    path("room/<uuid:session_id>/agenda/", table.agenda, name="room_agenda"),
    path("room/<uuid:session_id>/thread/", table.thread, name="room_thread"),
    path("room/<uuid:session_id>/remember/", table.remember, name="room_remember"),
    path("room/<uuid:session_id>/located/", table.located, name="room_located"),
    path("room/<uuid:session_id>/switches/", table.switches, name="room_switches"),
    path("notes/unsigned/", notes.unsigned, name="unsigned"),
    path("notes/<uuid:note_id>/", notes.note, name="note"),
    path("notes/<uuid:note_id>/save/", notes.save, name="note_save"),
    path("notes/<uuid:note_id>/compare/<uuid:draft>/", notes.compare, name="note_compare"),
    path("notes/<uuid:note_id>/addendum/", notes.amend, name="note_addendum"),
    path("notes/<uuid:note_id>/print/", notes.print_note, name="note_print"),
]
