"""Help for anybody."""

from django.urls import path

from rapport.web.entrance.safety import views

urlpatterns = [
    path("help-now/", views.help_now, name="help_now"),
    path("plan/", views.plan_here, name="plan_here"),
    path("plan/kept/", views.plan_kept, name="plan_kept"),
    path("plan-worker.js", views.plan_worker, name="plan_worker"),
    path("plan/<str:token>/", views.plan, name="plan"),
]
