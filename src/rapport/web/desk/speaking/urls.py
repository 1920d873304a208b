"""Addresses of speaking at the desk."""

from django.urls import path

from rapport.web.desk.speaking import openers, room, views

urlpatterns = [
    path("episodes/<uuid:episode_id>/speaking/", views.speaking, name="speaking"),
    path("episodes/<uuid:episode_id>/speaking/comfort/", views.comfort, name="speaking_comfort"),
    path("episodes/<uuid:episode_id>/speaking/trust/", views.trust, name="trust_step"),
    path("speaking/pages/<uuid:page_id>/", views.handed_page, name="handed_page"),
    path("speaking/pages/<uuid:page_id>/picture/", views.picture, name="handed_picture"),
    path("room/<uuid:session_id>/ladder/", room.ladder, name="room_ladder"),
    path("room/<uuid:session_id>/ladder/<slug:rung>/", room.rung, name="room_rung"),
    path("openers/", openers.shelf, name="openers"),
    path("openers/star/", openers.star, name="opener_star"),
    path("openers/<uuid:opener_id>/put-away/", openers.put_away, name="opener_put_away"),
]
