"""What every kind of installation shares."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from rapport.config.environment import use_safe_sqlite
from rapport.practice.post.choices import TextGateway

use_safe_sqlite()

PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = False
ROOT_URLCONF = "rapport.config.urls"
WSGI_APPLICATION = "rapport.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_ROUTERS = ["rapport.practice.security.keys.router.KeysRouter"]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "lucide",
    "csp",
    "rapport.practice.foundation",
    "rapport.practice.security.audit",
    "rapport.practice.security.keys",
    "rapport.practice.security.accounts",
    "rapport.practice.security.policy",
    "rapport.practice.security.approvals",
    "rapport.practice.organisation",
    "rapport.practice.post",
    "rapport.practice.clients",
    "rapport.practice.files",
    "rapport.practice.episodes",
    "rapport.practice.unsent",
    "rapport.practice.safety",
    "rapport.practice.sessions",
    "rapport.practice.measures",
    "rapport.practice.process_notes",
    "rapport.practice.alliance",
    "rapport.practice.speaking",
    "rapport.practice.outcomes",
    "rapport.practice.endings",
    "rapport.practice.correspondence",
    "rapport.practice.exercises",
    "rapport.web.components",
    "rapport.web.entrance",
    "rapport.web.desk",
    "rapport.web.portal",
    "rapport.web.office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "rapport.web.doors.headers.headers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "rapport.web.doors.host.own_host_only",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rapport.web.doors.doorkeeper.sign_in_state",
    "rapport.web.doors.languages.speak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rapport.web.doors.doorkeeper.Doorkeeper",
]

_LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django_cotton.cotton_loader.Loader",
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                ],
            )
        ],
    )
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": _LOADERS,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rapport.web.components.context.page_context",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "django.templatetags.i18n",
                "django.templatetags.tz",
                "lucide.templatetags.lucide",
            ],
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]  # each by its own name: whoever needs it can read it
LANGUAGES_OF_STAFF = ["en-gb"]  # those in which desk and office are whole
FORMAT_MODULE_PATH = ["rapport.config.formats"]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "rapport.web.components.typefaces.TypefaceFinder",
]

PASSWORD_HASHERS = ["rapport.practice.security.accounts.hashers.MemoryHardHasher"]
PASSWORD_RESET_TIMEOUT = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 3_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000  # above the limit of any upload: no file touches a temporary file in clear
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rapport.web.doors.refusals.csrf_refused"
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# Nothing is told to another origin. "no-referrer" would also take the origin off our own forms (browsers then send
# "Origin: null"), and the check against forged requests would refuse every one of them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip
PERMISSIONS_POLICY["publickey-credentials-create"] = ["self"]
PERMISSIONS_POLICY["publickey-credentials-get"] = ["self"]

TEXT_GATEWAY: TextGateway | None = None  # text messages are off unless the operator names a gateway

# Nothing of a client may reach a log: messages carry codes and ids, never values; request bodies are never logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_values": {"()": "rapport.config.logs.WithoutValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_values"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # They describe what is wrong in a client's file, in its words.
    "loggers": {"pypdf": {"level": "CRITICAL"}, "PIL": {"level": "CRITICAL"}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "rapport.web.doors.refusals.SilentReporter"
