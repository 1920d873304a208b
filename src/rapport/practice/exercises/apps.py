from django.apps import AppConfig


class ExercisesConfig(AppConfig):
    name = "rapport.practice.exercises"
