"""Addresses of the ways to speak."""

from django.urls import path

from rapport.web.portal.speaking.views import ladder, overview, pages, preparing

urlpatterns = [
    path("speaking/", overview.speaking, name="speaking"),
    path("speaking/comfort/", overview.comfort, name="comfort"),
    path("speaking/rung/", ladder.ladder, name="ladder"),
    path("speaking/rung/<slug:rung>/", ladder.rung, name="rung"),
    path("speaking/new/<slug:kind>/", pages.new, name="page_new"),
    path("speaking/pages/<uuid:page_id>/", pages.own, name="own_page"),
    path("speaking/pages/<uuid:page_id>/picture/", pages.picture, name="page_picture"),
    path("speaking/pages/<uuid:page_id>/hand-over/", pages.hand_over, name="page_hand_over"),
    path("speaking/pages/<uuid:page_id>/take-back/", pages.take_back, name="page_take_back"),
    path("speaking/pages/<uuid:page_id>/put-away/", pages.put_away, name="page_put_away"),
    path("sessions/<uuid:session_id>/prepare/", preparing.prepare, name="prepare"),
    path("sessions/<uuid:session_id>/prepare/<slug:asked>/", preparing.step, name="prepare_step"),
]
