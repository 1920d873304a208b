"""Addresses of care relationships."""

from django.urls import path

from rapport.web.office.episodes import views

urlpatterns = [
    path("care/", views.care, name="care"),
    path("care/<uuid:episode_id>/grant/", views.grant, name="care_grant"),
    path("care/relationships/<uuid:care_id>/end/", views.end, name="care_end"),
    path("care/relationships/<uuid:care_id>/transfer/", views.transfer, name="care_transfer"),
]
