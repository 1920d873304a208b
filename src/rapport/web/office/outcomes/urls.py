from django.urls import path

from rapport.web.office.outcomes import views

urlpatterns = [
    path("import/", views.upload, name="import"),
    path("import/discard/", views.discard, name="import_discard"),
    path("import/<uuid:staged_id>/", views.columns, name="import_columns"),
    path("import/<uuid:staged_id>/now/", views.import_now, name="import_now"),
]
