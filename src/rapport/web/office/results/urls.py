"""Addresses of the service report."""

from django.urls import path

from rapport.web.office.results import views

urlpatterns = [
    path("results/", views.choose, name="results"),
    path("results/<str:period>/<str:question>/<str:reading>/", views.report, name="report"),
    path("results/<str:period>/<str:question>/<str:reading>/paper/", views.paper, name="report_file"),
]
