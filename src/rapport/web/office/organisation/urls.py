"""Addresses of the office's own matters."""

from django.urls import path

from rapport.web.office.organisation import views

urlpatterns = [
    path("", views.front, name="front"),
    path("practice/", views.settings, name="practice"),
    path("practice/crisis-contacts/", views.crisis_contacts, name="crisis_contacts"),
    path("practice/country/", views.country, name="country"),
    path("practice/country/change/", views.change_country, name="country_change"),
    path("rooms/", views.meeting_rooms, name="rooms"),
    path("rooms/<uuid:room_id>/close/", views.close_room, name="room_close"),
]
