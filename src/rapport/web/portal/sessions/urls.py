"""Addresses of a client's hours."""

from django.urls import path

from rapport.web.portal.sessions import views

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/moment/", views.moment, name="moment"),
    path("sessions/free/<uuid:offer_id>/", views.offer_answer, name="offer_answer"),
]
