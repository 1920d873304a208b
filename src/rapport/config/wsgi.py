"""The door for the web server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from rapport.config.operations.holds import come_in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings.production")
application = get_wsgi_application()


def _make_ready() -> None:
    from rapport.web.doors.hardship import make_ready  # needs Django to be set up

    make_ready()


come_in(settings.INSTALLATION)
_make_ready()
