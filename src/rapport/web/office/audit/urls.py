"""Addresses of the audit trail."""

from django.urls import path

from rapport.web.office.audit import seen, views

urlpatterns = [
    path("", views.trail, name="audit"),
    path("seen/", seen.seen, name="audit_seen"),
    path("verify/", views.verify, name="audit_verify"),
]
