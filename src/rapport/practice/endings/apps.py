from django.apps import AppConfig


class EndingsConfig(AppConfig):
    name = "rapport.practice.endings"

    def ready(self) -> None:
        from rapport.practice.endings.rules import how_courses_ended
        from rapport.practice.outcomes.rules.service import register_endings

        register_endings(how_courses_ended)
