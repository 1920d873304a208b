"""Addresses of this room; each duty has its own below."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rapport.web.office.safety.urls")),
    path("", include("rapport.web.office.episodes.urls")),
    path("approvals/", include("rapport.web.office.approvals.urls")),
    path("audit/", include("rapport.web.office.audit.urls")),
    path("", include("rapport.web.office.organisation.urls")),
    path("instruments/", include("rapport.web.office.measures.urls")),
    path("outbox/", include("rapport.web.office.post.urls")),
    path("clients/", include("rapport.web.office.clients.urls")),
    path("people/", include("rapport.web.office.accounts.urls")),
    path("", include("rapport.web.office.outcomes.urls")),
    path("", include("rapport.web.office.results.urls")),
]
