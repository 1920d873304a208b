"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.portal.home.urls")),
    path("", include("rapport.web.portal.measures.urls")),
    path("", include("rapport.web.portal.safety.urls")),
    path("", include("rapport.web.portal.episodes.urls")),
    path("me/", include("rapport.web.portal.clients.urls")),
    path("me/looked/", include("rapport.web.portal.audit.urls")),
    path("", include("rapport.web.portal.sessions.urls")),
    path("", include("rapport.web.portal.outcomes.urls")),
    path("", include("rapport.web.portal.endings.urls")),
    path("", include("rapport.web.portal.alliance.urls")),
    path("", include("rapport.web.portal.exercises.urls")),
    path("", include("rapport.web.portal.speaking.urls")),
    path("", include("rapport.web.portal.unsent.urls")),
    path("", include("rapport.web.portal.correspondence.urls")),
]
