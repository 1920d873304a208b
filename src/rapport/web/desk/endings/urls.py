from django.urls import path

from rapport.web.desk.endings import views

urlpatterns = [
    path("episodes/<uuid:episode_id>/ending/", views.ending, name="ending"),
    path("episodes/<uuid:episode_id>/ending/safety/", views.risk_check, name="ending_safety"),
    path("episodes/<uuid:episode_id>/ending/measures/", views.ask_measures, name="ending_measures"),
    path("episodes/<uuid:episode_id>/ending/close/", views.close, name="ending_close"),
    path("episodes/<uuid:episode_id>/letter/", views.letter, name="letter"),
    path("letters/<uuid:letter_id>/release/", views.release, name="letter_release"),
    path("letters/<uuid:letter_id>/letter.pdf", views.letter_file, name="letter_file"),
]
