"""Address of keeping."""

from django.urls import path

from rapport.web.desk.unsent import views

urlpatterns = [
    path("clients/<uuid:client_id>/typing/", views.keep, name="typing"),
    path("typing/", views.keep_own, name="typing_own"),
]
