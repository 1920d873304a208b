from django.apps import AppConfig


class EndingsConfig(AppConfig):
    name = "rapport.practice.endings"
