"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.desk.measures.urls")),
    path("", include("rapport.web.desk.safety.urls")),
    path("", include("rapport.web.desk.episodes.urls")),
    path("clients/", include("rapport.web.desk.clients.urls")),
    path("", include("rapport.web.desk.sessions.urls")),
    path("", include("rapport.web.desk.card.urls")),
    path("", include("rapport.web.desk.process_notes.urls")),
    path("", include("rapport.web.desk.outcomes.urls")),
    path("", include("rapport.web.desk.case.urls")),
    path("", include("rapport.web.desk.results.urls")),
    path("", include("rapport.web.desk.endings.urls")),
    path("", include("rapport.web.desk.correspondence.urls")),
    path("", include("rapport.web.desk.alliance.urls")),
    path("", include("rapport.web.desk.exercises.urls")),
    path("", include("rapport.web.desk.speaking.urls")),
    path("", include("rapport.web.desk.unsent.urls")),
]
