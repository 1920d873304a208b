"""Address of keeping."""

from django.urls import path

from rapport.web.portal.unsent import views

urlpatterns = [path("typing/", views.keep, name="typing")]
