"""Addresses of my agreement and my goals."""

from django.urls import path

from rapport.web.portal.episodes import views

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/<uuid:contract_id>/accept/", views.accept, name="agreement_accept"),
    path("goals/", views.goals, name="goals"),
    path("goals/add/", views.add_goal, name="goal_add"),
    path("goals/<uuid:goal_id>/", views.rate_goal, name="goal_rate"),
]
