from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "rapport.web.office"
