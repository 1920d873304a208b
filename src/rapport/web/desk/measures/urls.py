"""Forms and scores at the desk."""

from django.urls import path

from rapport.web.desk.measures import views

urlpatterns = [
    path("episodes/<uuid:episode_id>/measures/", views.measures, name="measures"),
    path("episodes/<uuid:episode_id>/measures/assign/", views.assign_form, name="assign"),
    path("episodes/<uuid:episode_id>/measures/pack/", views.assign_first_forms, name="assign_pack"),
    path("episodes/<uuid:episode_id>/measures/paper/<slug:instrument_id>/", views.paper, name="paper"),
    path("episodes/<uuid:episode_id>/measures/end/<uuid:assignment_id>/", views.end, name="end_assignment"),
    path("episodes/<uuid:episode_id>/measures/asked/<uuid:question_id>/", views.asked, name="asked"),
]
