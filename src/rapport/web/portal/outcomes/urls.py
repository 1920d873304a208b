from django.urls import path

from rapport.web.portal.outcomes import views

urlpatterns = [path("course/", views.course, name="course")]
