"""Tests: the same switchboard, a throw-away installation, a fast password hasher."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from rapport.config.environment import Installation, databases
from rapport.config.settings.base import *  # noqa: F403
from rapport.practice.security.audit.notes import write_signing_key
from rapport.practice.security.keys.root import write_root_key

_home = Path(tempfile.mkdtemp(prefix="rapport-test-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
(_home / "data").mkdir()
(_home / "vault").mkdir(mode=0o700)
write_signing_key(_home / "vault", write_root_key(_home / "vault" / "root.key"))

INSTALLATION = Installation(_home / "data", _home / "vault", "test", demo=False, origin="http://localhost")
SECRET_KEY = "only for tests " * 4
DATABASES = databases(INSTALLATION.data)
if "RAPPORT_DATABASE_URL" not in os.environ:
    for _name, _database in DATABASES.items():
        _database["TEST"] = {"NAME": str(_home / f"test-{_name}.sqlite3")}
        # Tests roll back; the promise of FULL is proven in tests/faults on a database of its own.
        _database["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"
STATIC_ROOT = INSTALLATION.data / "static"
ALLOWED_HOSTS = ["localhost", "testserver", "127.0.0.1"]
SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "office@practice.example"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
