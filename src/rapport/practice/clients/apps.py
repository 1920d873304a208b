from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "rapport.practice.clients"
