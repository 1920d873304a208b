"""Addresses of time away, the waiting list and calendars."""

from django.urls import path

from rapport.web.desk.sessions.free import away, calendars, waiting

urlpatterns = [
    path("diary/away/", away.away, name="away"),
    path("diary/away/<uuid:block_id>/end/", away.end, name="away_end"),
    path("diary/calendars/", calendars.calendars, name="calendars"),
    path("diary/calendars/feed/", calendars.make, name="feed_make"),
    path("diary/calendars/feed/end/", calendars.end, name="feed_end"),
    path("diary/calendars/read/", calendars.read, name="busy_read"),
    path("diary/calendars/<uuid:source_id>/end/", calendars.let_go, name="busy_end"),
    path("waiting/", waiting.waiting_list, name="waiting_list"),
    path("waiting/<uuid:wish_id>/end/", waiting.end, name="wish_end"),
    path("waiting/offers/<uuid:offer_id>/", waiting.answer, name="offer_answer"),
    path("episodes/<uuid:episode_id>/waiting/", waiting.wish, name="wish"),
    path("sessions/<uuid:session_id>/offer/", waiting.offer, name="offer_time"),
]
