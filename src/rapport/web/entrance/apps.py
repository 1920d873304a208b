from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "rapport.web.entrance"
