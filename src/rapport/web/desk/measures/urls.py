"""Forms and scores at the desk."""

from django.urls import path

from rapport.web.desk.measures import administrations, handed, views

COURSE = "episodes/<uuid:episode_id>/measures/"
HANDED = f"{COURSE}handed/"
FORM = f"{COURSE}form/<uuid:administration_id>/"

urlpatterns = [
    path(COURSE, views.measures, name="measures"),
    path(f"{COURSE}assign/", views.assign_form, name="assign"),
    path(f"{COURSE}pack/", views.assign_first_forms, name="assign_pack"),
    path(f"{COURSE}set/", views.assign_forms_of_set, name="assign_set"),
    path(f"{COURSE}problems/", views.rate_problems, name="rate_problems"),
    path(f"{COURSE}paper/<str:instrument_id>/", administrations.paper, name="paper"),
    path(f"{COURSE}response/<str:instrument_id>/", administrations.response, name="bring_response"),
    path(f"{COURSE}end/<uuid:assignment_id>/", views.end, name="end_assignment"),
    path(f"{COURSE}asked/<uuid:question_id>/", views.asked, name="asked"),
    path(FORM, administrations.administration, name="administration"),
    path(f"{FORM}fhir/", administrations.as_fhir, name="administration_fhir"),
    path(f"{COURSE}hand/", handed.hand, name="hand_forms"),
    path(HANDED, handed.forms, name="handed_forms"),
    path(f"{HANDED}begin/<uuid:assignment_id>/", handed.begin, name="handed_begin"),
    path(f"{HANDED}<uuid:form_id>/<int:place>/", handed.question, name="handed_question"),
    path(f"{HANDED}<uuid:form_id>/end/", handed.hand_in, name="handed_end"),
]
