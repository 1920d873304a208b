from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "rapport.practice.correspondence"
