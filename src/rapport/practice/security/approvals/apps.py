from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "rapport.practice.security.approvals"
