"""A practice that serves people, the demo practice included."""

from __future__ import annotations

import base64
import os
from urllib.parse import urlsplit

from rapport.config.environment import current_installation, databases, refuse_other_engine
from rapport.config.settings.base import *  # noqa: F403
from rapport.config.texting import text_gateway
from rapport.practice.security.keys.root import derive, read_root_key

INSTALLATION = current_installation()
refuse_other_engine(INSTALLATION)
_root = read_root_key(INSTALLATION.root_key_file)

SECRET_KEY = base64.urlsafe_b64encode(derive(_root, "django secret key", 48)).decode()
DATABASES = databases(INSTALLATION.data)
STATIC_ROOT = INSTALLATION.data / "static"

_origin = urlsplit(INSTALLATION.origin)
ALLOWED_HOSTS = [_origin.hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [INSTALLATION.origin]

# Cookie names with __Host- need TLS, which a demo on loopback does not have.
SECURE = _origin.scheme == "https"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("RAPPORT_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("RAPPORT_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("RAPPORT_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RAPPORT_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("RAPPORT_SMTP_TLS", "starttls") == "starttls"
EMAIL_TIMEOUT = 20
TEXT_GATEWAY = text_gateway(os.environ)
DEFAULT_FROM_EMAIL = os.environ.get("RAPPORT_SMTP_FROM", "")
