"""Addresses of a client's hours."""

from django.urls import path

from rapport.web.portal.sessions import views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/moment/", views.moment, name="moment"),
]
