from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    name = "rapport.practice.episodes"

    def ready(self) -> None:
        from rapport.practice.episodes.rules import cares_for
        from rapport.practice.security.policy.access import register_relation

        register_relation("care", cares_for)
