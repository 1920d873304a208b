"""Addresses of the audit trail."""

from django.urls import path

from rapport.web.office.audit import views

urlpatterns = [
    path("", views.trail, name="audit"),
    path("verify/", views.verify, name="audit_verify"),
]
