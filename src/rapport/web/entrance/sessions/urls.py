"""Links that need no sign-in."""

from django.urls import path

from rapport.web.entrance.sessions import views

urlpatterns = [
    path("calendar/<str:token>/appointments.ics", views.feed, name="feed"),
    path("free-time/<str:token>/", views.free_time, name="free_time"),
]
