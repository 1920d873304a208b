from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rapport.practice.security.audit"
