from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "rapport.practice.security.approvals"

    def ready(self) -> None:
        from rapport.practice.security.accounts.actions.roles import grant_agreed_role
        from rapport.practice.security.approvals.tasks import register_act

        register_act("grant_role", grant_agreed_role)
