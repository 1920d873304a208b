"""Addresses of the time line and the caseload."""

from django.urls import path

from rapport.web.desk.case import caseload, timeline

urlpatterns = [
    path("caseload/", caseload.caseload, name="caseload"),
    path("episodes/<uuid:episode_id>/timeline/", timeline.timeline, name="timeline"),
]
