"""Address of the list of who looked."""

from django.urls import path

from rapport.web.portal.audit import views

urlpatterns = [path("", views.looked, name="looked")]
