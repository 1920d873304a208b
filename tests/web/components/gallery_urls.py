"""The gallery's addresses as a demo serves them."""

from django.urls import include, path

from rapport.web.components.gallery import gallery, gallery_frame
from rapport.web.doors.page import page

urlpatterns = [
    path("gallery/", page("public", "read")(gallery)),
    path("gallery/<slug:frame>/", page("public", "read")(gallery_frame)),
    path("", include("rapport.config.urls")),
]
