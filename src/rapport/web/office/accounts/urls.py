"""Addresses of the office about people."""

from django.urls import path

from rapport.web.office.accounts import views

urlpatterns = [
    path("", views.people, name="people"),
    path("invite/", views.invite_staff, name="invite_staff"),
    path("invitations/<uuid:invitation_id>/revoke/", views.revoke, name="revoke_staff_invitation"),
    path("<uuid:account_id>/role/", views.change_role, name="change_role"),
    path("<uuid:account_id>/disable/", views.disable, name="disable_account"),
    path("<uuid:account_id>/enable/", views.enable, name="enable_account"),
]
