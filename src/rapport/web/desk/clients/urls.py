"""Addresses of the therapist's clients."""

from django.urls import path

from rapport.web.desk.clients import views

urlpatterns = [
    path("", views.clients, name="clients"),
    path("<uuid:client_id>/", views.client, name="client"),
    path("<uuid:client_id>/edit/", views.edit_client, name="client_edit"),
    path("<uuid:client_id>/safe-contact/", views.safe_contact, name="safe_contact"),
    path("<uuid:client_id>/consents/", views.consents, name="client_consents"),
    path("<uuid:client_id>/consents/<slug:purpose>/", views.record_consent, name="client_consent_record"),
    path("<uuid:client_id>/consents/<slug:purpose>/withdraw/", views.withdraw_consent, name="client_consent_withdraw"),
]
