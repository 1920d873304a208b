"""The page the desk is compared with: Django and nothing else, on the same driver, pragmas and disk.

Somebody is signed in (session and account are read), one row is read, one audit row is committed durably, a template is
rendered. Each line on standard input asks for one page; its seconds are answered.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from bench.ground import request, timed

PAGE = """<!doctype html><html lang="en"><title>{{ row }}</title><body><nav>{% for place in places %}
<a href="/{{ place }}">{{ place }}</a>{% endfor %}</nav><h1>{{ row }}</h1><p>{{ user.username }}</p></body></html>"""


def main(file: str) -> None:
    from rapport.config.environment import sqlite_database, use_safe_sqlite

    use_safe_sqlite()
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bare" * 12,  # a key for a page that nobody ever sees
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="bench.bare_page",
        DATABASES={"default": sqlite_database(file)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    cookie, application = _prepared()
    for _line in sys.stdin:
        seconds = timed(lambda: _seen(application, cookie))
        print(seconds, flush=True)


def _seen(application: Any, cookie: str) -> None:
    status, _page = request(application, "GET", "/", cookie, {})
    assert status.startswith("200"), status


def _prepared() -> tuple[str, Any]:
    """Tables, somebody who is signed in, and the door."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, words TEXT)")
        cursor.execute("CREATE TABLE audit (id INTEGER PRIMARY KEY, who INTEGER, what TEXT)")
        cursor.execute("INSERT INTO thing VALUES (1, 'One row')")
    user = User.objects.create(username="mara")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}", get_wsgi_application()


def show(http: Any) -> Any:
    """The page itself."""
    from django.db import connection, transaction
    from django.http import HttpResponse

    user = http.user
    assert user.is_authenticated
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM thing WHERE id = 1")
        (row,) = cursor.fetchone()
        with transaction.atomic():
            cursor.execute("INSERT INTO audit (who, what) VALUES (%s, %s)", [user.pk, "read thing 1"])
    return HttpResponse(_template().render({"row": row, "user": user, "places": ["one", "two", "three"]}, http))


@cache
def _template() -> Any:
    """Compiled once, as Django's cached loader does."""
    from django.template import engines

    return engines["django"].from_string(PAGE)


def _urls() -> list[Any]:
    from django.urls import path

    return [path("", show)]


urlpatterns = _urls()

if __name__ == "__main__":
    main(sys.argv[1])
