"""Addresses of the closing and of Together."""

from django.urls import path

from rapport.web.desk.alliance import closing, forms_of_owners, ruptures, together

urlpatterns = [
    path("room/<uuid:session_id>/closing/", closing.closing, name="closing"),
    path("room/<uuid:session_id>/closing/over/", closing.hand_over, name="closing_over"),
    # A device that was handed over opens what lies below this address, and nothing else.
    path("room/<uuid:session_id>/closing/hand/", closing.begin, name="closing_hand"),
    path("room/<uuid:session_id>/closing/hand/<slug:step>/", closing.handed, name="closing_step"),
    path("episodes/<uuid:episode_id>/together/", together.together, name="together"),
    path("episodes/<uuid:episode_id>/together/<slug:form>/", forms_of_owners.enter, name="alliance_form"),
    path("alliance/<slug:form>/wording/", forms_of_owners.wording, name="alliance_wording"),
    path("ruptures/new/", ruptures.new, name="rupture_new"),
    path("ruptures/<uuid:rupture_id>/", ruptures.rupture, name="rupture"),
]
