"""Addresses at the door."""

from django.urls import path

from rapport.web.entrance.accounts.views import account, factors, invitation, opening, passkeys, sign_in

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("unlock/", sign_in.unlock, name="unlock"),
    path("step-up/", sign_in.step_up, name="step_up"),
    path("passkey/question/", passkeys.passkey_question, name="passkey_question"),
    path("passkey/answer/", passkeys.passkey_answer, name="passkey_answer"),
    path("passkey/new/question/", passkeys.new_passkey_question, name="new_passkey_question"),
    path("passkey/new/answer/", passkeys.new_passkey_answer, name="new_passkey_answer"),
    path("passkey/<uuid:passkey_id>/remove/", factors.remove_passkey, name="remove_passkey"),
    path("second-factor/", factors.set_up_factor, name="set_up_factor"),
    path("second-factor/app/remove/", factors.remove_time_code, name="remove_time_code"),
    path("second-factor/recovery-codes/", factors.recovery, name="recovery"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/sign-ins/<uuid:sign_in_id>/end/", account.end_sign_in, name="end_sign_in"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("password/forgotten/", account.forgotten, name="forgotten"),
    path("password/new/<str:token>/", account.reset, name="reset"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitation/<uuid:invitation_id>/revoke/", invitation.revoke_invitation, name="revoke_invitation"),
    path("invite/<uuid:client_id>/", invitation.invite_client, name="invite_client"),
    path("open/<str:token>/", opening.open_practice, name="open_practice"),
    path("demo/<str:token>/", opening.demo, name="demo"),
]
