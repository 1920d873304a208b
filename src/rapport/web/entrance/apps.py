from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "rapport.web.entrance"

    def ready(self) -> None:
        """The post stands above accounts, so whoever sees both introduces them: invitations go by post."""
        from rapport.practice.post.actions import queue
        from rapport.practice.security.accounts.rules.messages import register_messenger

        register_messenger(queue)
