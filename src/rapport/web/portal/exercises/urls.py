"""Addresses of what I try out."""

from django.urls import path

from rapport.web.portal.exercises import views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<uuid:task_id>/", views.task, name="task"),
    path("tasks/<uuid:task_id>/say/", views.say, name="task_say"),
    path("tasks/<uuid:task_id>/learned/", views.learned, name="task_learned"),
]
