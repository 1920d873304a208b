"""Addresses of what a client says after an hour."""

from django.urls import path

from rapport.web.portal.alliance import views

urlpatterns = [
    path("after/<uuid:session_id>/", views.begin, name="closing"),
    path("after/<uuid:session_id>/<slug:step>/", views.step, name="closing_step"),
    path("freely/", views.freely, name="freely"),
]
