"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.office.outcomes.urls")),
]
