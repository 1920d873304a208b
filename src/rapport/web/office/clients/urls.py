"""Addresses of the list of names."""

from django.urls import path

from rapport.web.office.clients import views

urlpatterns = [path("", views.clients, name="clients")]
