"""Every address begins here: one room per reader."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from rapport.web.components.gallery import gallery, gallery_frame
from rapport.web.doors.page import page

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("rapport.web.desk.urls")),
    path("portal/", include("rapport.web.portal.urls")),
    path("office/", include("rapport.web.office.urls")),
    path("", include("rapport.web.entrance.urls")),
]

GALLERY = [
    path("gallery/", page("public", "read")(gallery), name="gallery"),
    path("gallery/<slug:frame>/", page("public", "read")(gallery_frame), name="gallery_frame"),
]
if settings.INSTALLATION.demo:
    urlpatterns += GALLERY

handler400 = "rapport.web.doors.refusals.bad_request"
handler403 = "rapport.web.doors.refusals.forbidden"
handler404 = "rapport.web.doors.refusals.not_found"
handler500 = "rapport.web.doors.refusals.failure"
