"""Addresses of the shelf of instruments."""

from django.urls import path

from rapport.web.office.measures import views

urlpatterns = [
    path("", views.instruments, name="instruments"),
    path("form/", views.bring_form, name="bring_form"),
    path("wording/<slug:skeleton>/", views.wording, name="wording"),
    path("packs/<slug:pack>/", views.pack, name="pack"),
]
