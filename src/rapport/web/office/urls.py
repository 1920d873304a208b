"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.office.safety.urls")),
    path("approvals/", include("rapport.web.office.approvals.urls")),
    path("audit/", include("rapport.web.office.audit.urls")),
]
