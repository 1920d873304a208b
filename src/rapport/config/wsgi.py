"""The door for the web server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from rapport.config.operations.holds import come_in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings.production")
application = get_wsgi_application()
come_in(settings.INSTALLATION)
