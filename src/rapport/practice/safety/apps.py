from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "rapport.practice.safety"

    def ready(self) -> None:
        from rapport.practice.safety.rules.leaving import alerts_to_hand_over
        from rapport.practice.security.accounts.rules.leaving import register_leaving_check

        register_leaving_check(alerts_to_hand_over)
