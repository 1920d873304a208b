"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.desk.outcomes.urls")),
    path("", include("rapport.web.desk.endings.urls")),
]
