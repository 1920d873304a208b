from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "rapport.practice.sessions"
    label = "therapy_sessions"

    def ready(self) -> None:
        from rapport.practice.post.rules import register_still_so
        from rapport.practice.sessions.choices import Telling
        from rapport.practice.sessions.rules.telling import still_so

        for kind in Telling:
            register_still_so(kind, still_so)
