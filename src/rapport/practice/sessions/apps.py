from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "rapport.practice.sessions"
    label = "therapy_sessions"
