from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "rapport.practice.security.keys"
