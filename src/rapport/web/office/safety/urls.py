"""Alerts in the office."""

from django.urls import path

from rapport.web.office.safety import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/", views.reassign, name="reassign_alert"),
]
