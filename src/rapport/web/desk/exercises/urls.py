"""Addresses of what happens between sessions."""

from django.urls import path

from rapport.web.desk.exercises import views

urlpatterns = [
    path("episodes/<uuid:episode_id>/between/", views.between, name="between"),
    path("episodes/<uuid:episode_id>/tasks/new/", views.new, name="task_new"),
    path("tasks/<uuid:task_id>/", views.task, name="task"),
    path("tasks/<uuid:task_id>/said/", views.said, name="task_said"),
    path("tasks/<uuid:task_id>/review/", views.review, name="task_review"),
]
