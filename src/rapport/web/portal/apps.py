from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rapport.web.portal"
