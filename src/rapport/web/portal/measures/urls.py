"""Forms in the portal."""

from django.urls import path

from rapport.web.portal.measures import views

urlpatterns = [
    path("forms/", views.forms, name="forms"),
    path("forms/begin/<uuid:assignment_id>/", views.begin, name="begin_form"),
    path("forms/<uuid:form_id>/", views.form, name="form"),
    path("forms/<uuid:form_id>/<int:place>/", views.question, name="question"),
    path("forms/<uuid:form_id>/end/", views.hand_in, name="hand_in"),
    path("forms/<uuid:form_id>/thanks/", views.thanks, name="thanks"),
]
