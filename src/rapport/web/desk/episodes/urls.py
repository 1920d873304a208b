"""Addresses of referrals and courses of therapy."""

from django.urls import path

from rapport.web.desk.episodes.views import agreements, assessments, goals, referrals

urlpatterns = [
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/new/", referrals.new_referral, name="referral_new"),
    path("referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
    path("referrals/<uuid:referral_id>/decide/", referrals.decide, name="referral_decide"),
    path("referrals/<uuid:referral_id>/consent/", referrals.consent_to_refer, name="referral_consent"),
    path("episodes/<uuid:episode_id>/", agreements.episode, name="episode"),
    path("episodes/<uuid:episode_id>/referral/", referrals.referral_of_course, name="referral_of_course"),
    path("episodes/<uuid:episode_id>/move/", agreements.move, name="episode_move"),
    path("episodes/<uuid:episode_id>/way/", agreements.choose_way, name="choose_way"),
    path("episodes/<uuid:episode_id>/assessment/", assessments.assessment, name="assessment"),
    path("episodes/<uuid:episode_id>/assessment/<slug:section>/", assessments.save_section, name="section_save"),
    path(
        "episodes/<uuid:episode_id>/assessment/<slug:section>/earlier/",
        assessments.section_history,
        name="section_history",
    ),
    path("episodes/<uuid:episode_id>/problems/", assessments.problems, name="problems"),
    path("episodes/<uuid:episode_id>/decision/", assessments.decision, name="decision"),
    path("episodes/<uuid:episode_id>/without-therapy/", assessments.without_therapy, name="without_therapy"),
    path("episodes/<uuid:episode_id>/agreement/", agreements.contract, name="contract"),
    path("episodes/<uuid:episode_id>/agreement/new/", agreements.new_contract, name="contract_new"),
    path("episodes/<uuid:episode_id>/agreement/print/", agreements.print_contract, name="contract_print"),
    path(
        "episodes/<uuid:episode_id>/agreement/<uuid:contract_id>/paper/",
        agreements.paper_contract,
        name="contract_paper",
    ),
    path("episodes/<uuid:episode_id>/goals/", goals.goals, name="goals"),
    path("episodes/<uuid:episode_id>/goals/add/", goals.add, name="goal_add"),
    path("episodes/<uuid:episode_id>/goals/<uuid:goal_id>/", goals.rate, name="goal_rate"),
]
