from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "rapport.practice.clients"

    def ready(self) -> None:
        from rapport.practice.clients.actions import erase_client
        from rapport.practice.clients.rules.reaching import may_write
        from rapport.practice.post.rules import register_recipient
        from rapport.practice.security.approvals.tasks import register_act

        register_act("erase_client", erase_client)
        register_recipient(may_write)
