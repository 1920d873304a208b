from django.apps import AppConfig


class AllianceConfig(AppConfig):
    name = "rapport.practice.alliance"
