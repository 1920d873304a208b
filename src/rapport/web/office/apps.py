from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "rapport.web.office"

    def ready(self) -> None:
        """Approvals stand above accounts: tell them how a role is given that a manager asked for themselves."""
        from rapport.practice.security.accounts.actions import grant_agreed_role
        from rapport.practice.security.approvals.tasks import register_act

        register_act("grant_role", grant_agreed_role)
