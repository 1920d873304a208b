from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rapport.practice.security.accounts"
