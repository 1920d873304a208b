"""Addresses of process notes."""

from django.urls import path

from rapport.web.desk.process_notes import views

urlpatterns = [
    path("sessions/<uuid:session_id>/process/", views.begin, name="process_begin"),
    path("episodes/<uuid:episode_id>/process/", views.notes, name="process_notes"),
    path("process/<uuid:note_id>/", views.note, name="process_note"),
    path("process/<uuid:note_id>/save/", views.save, name="process_save"),
    path("process/<uuid:note_id>/compare/<uuid:draft>/", views.compare, name="process_compare"),
    path("process/<uuid:note_id>/addendum/", views.amend, name="process_addendum"),
]
