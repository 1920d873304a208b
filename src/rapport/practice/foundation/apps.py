from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "rapport.practice.foundation"
