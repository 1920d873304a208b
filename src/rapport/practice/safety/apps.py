from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "rapport.practice.safety"
