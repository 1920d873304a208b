from django.apps import AppConfig


class ProcessNotesConfig(AppConfig):
    name = "rapport.practice.process_notes"
