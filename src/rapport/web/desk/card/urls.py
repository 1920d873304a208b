"""The address of the prep card."""

from django.urls import path

from rapport.web.desk.card import views

urlpatterns = [path("sessions/<uuid:session_id>/prep/", views.prep, name="prep")]
