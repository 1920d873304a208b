"""The address in a message. It is short, says nothing and is the same for everybody but for its last part."""

from django.urls import path

from rapport.web.entrance.sessions import views

urlpatterns = [path("a/<str:token>/", views.appointment, name="appointment")]
