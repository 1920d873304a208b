"""Addresses of the outbox."""

from django.urls import path

from rapport.web.office.post import views

urlpatterns = [
    path("", views.messages_out, name="outbox"),
    path("<uuid:message_id>/", views.message, name="outbox_message"),
]
