"""Help and the safety plan in the portal."""

from django.urls import path

from rapport.web.portal.safety import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/talk/", views.talk, name="talk"),
    path("plan/", views.plan, name="plan"),
    path("plan/edit/", views.edit_plan, name="edit_plan"),
    path("plan/rehearsed/", views.rehearsed, name="rehearsed"),
    path("plan/link/", views.make_link, name="plan_link"),
    path("plan/device/", views.remember_device, name="plan_device"),
    path("plan/device/end/", views.forget_device, name="plan_forget"),
    path("plan/links/end/", views.end_links, name="end_plan_links"),
]
