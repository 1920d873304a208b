from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "rapport.practice.security.policy"
