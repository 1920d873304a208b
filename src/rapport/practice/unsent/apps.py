from django.apps import AppConfig


class UnsentConfig(AppConfig):
    name = "rapport.practice.unsent"
