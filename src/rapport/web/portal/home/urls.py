"""The portal's first page."""

from django.urls import path

from rapport.web.portal.home.views import home

urlpatterns = [path("", home, name="home")]
