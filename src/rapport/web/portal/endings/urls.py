from django.urls import path

from rapport.web.portal.endings import views

urlpatterns = [
    path("letter/", views.letters, name="letter"),
    path("letter/<uuid:letter_id>/letter.pdf", views.letter_file, name="letter_file"),
]
