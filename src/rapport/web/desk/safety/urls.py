"""Alerts and safety plans at the desk."""

from django.urls import path

from rapport.web.desk.safety import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path("alerts/<uuid:alert_id>/close/", views.close, name="close_alert"),
    path("episodes/<uuid:episode_id>/plan/", views.plan, name="plan"),
    path("episodes/<uuid:episode_id>/plan/edit/", views.edit_plan, name="edit_plan"),
]
