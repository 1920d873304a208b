"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings.production")
application = get_wsgi_application()

from rapport.web.doors.hardship import make_ready  # noqa: E402 - needs Django to be set up

make_ready()
