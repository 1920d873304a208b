from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "rapport.web.components"
