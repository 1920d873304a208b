"""Addresses of the acts that one person may not do alone."""

from django.urls import path

from rapport.web.office.approvals import views

urlpatterns = [
    path("", views.waiting, name="approvals"),
    path("erase/<uuid:client>/", views.erase, name="erase"),
    path("<uuid:act>/approve/", views.approve, name="approve"),
    path("<uuid:act>/cancel/", views.cancel, name="cancel_act"),
]
