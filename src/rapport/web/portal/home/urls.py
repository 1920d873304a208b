"""The portal's first page."""

from django.urls import path

from rapport.web.portal.home.views import coming, home

urlpatterns = [
    path("", home, name="home"),
    path("coming/<uuid:session_id>/", coming, name="coming"),
]
