from django.urls import path

from rapport.web.desk.outcomes import think, views

urlpatterns = [
    path("import/", views.bring, name="import"),
    path("episodes/<uuid:episode_id>/course/", views.course, name="course"),
    path("episodes/<uuid:episode_id>/course/think/", think.think, name="think"),
]
