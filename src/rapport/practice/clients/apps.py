from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "rapport.practice.clients"

    def ready(self) -> None:
        from rapport.practice.clients.rules.reaching import may_write
        from rapport.practice.post.rules import register_recipient

        register_recipient(may_write)
