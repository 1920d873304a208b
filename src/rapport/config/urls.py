"""Every address begins here: one room per reader."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("rapport.web.desk.urls")),
    path("portal/", include("rapport.web.portal.urls")),
    path("office/", include("rapport.web.office.urls")),
    path("", include("rapport.web.entrance.urls")),
]

handler400 = "rapport.web.doors.refusals.bad_request"
handler403 = "rapport.web.doors.refusals.forbidden"
handler404 = "rapport.web.doors.refusals.not_found"
handler500 = "rapport.web.doors.refusals.failure"
