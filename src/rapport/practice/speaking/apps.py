from django.apps import AppConfig


class SpeakingConfig(AppConfig):
    name = "rapport.practice.speaking"
