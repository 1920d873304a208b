"""Addresses of what a client decides about themselves."""

from django.urls import path

from rapport.web.portal.clients import views

urlpatterns = [
    path("", views.me, name="me"),
    path("time-zone/", views.my_zone, name="my_zone"),
    path("language/", views.my_language, name="my_language"),
    path("contact/", views.contact, name="contact"),
    path("consents/", views.consents, name="consents"),
    path("consents/<slug:purpose>/", views.say, name="consent"),
]
