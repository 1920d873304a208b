"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "entrance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.entrance.safety.urls")),
    path("", include("rapport.web.entrance.sessions.urls")),
    path("", include("rapport.web.entrance.accounts.urls")),
]
