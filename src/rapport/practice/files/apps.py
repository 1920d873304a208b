from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "rapport.practice.files"
