"""Django's settings: wiring only. What an organisation decides is a record, not a setting."""

from __future__ import annotations

from pathlib import Path

from zhenggai.project.env import database_settings, mail_settings, read_env
from zhenggai.project.secret import secret_key

ENV = read_env()
# Only its owner may look in; a folder made by somebody else keeps the rights it was given.
ENV.home.mkdir(parents=True, exist_ok=True, mode=0o700)
ZHENGGAI_HOME = ENV.home

SECRET_KEY = secret_key(ENV.home)
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.hosts)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "zhenggai.audit",
    "zhenggai.people",
    "zhenggai.files",
    "zhenggai.policy",
    "zhenggai.notifications",
    "zhenggai.ledgers",
    "zhenggai.findings",
    "zhenggai.intake",
    "zhenggai.workflow",
    "zhenggai.oversight",
    "zhenggai.outcomes",
    "zhenggai.referrals",
    "zhenggai.watch",
    "zhenggai.reports",
    "zhenggai.notices",
    "zhenggai.answers",
    "zhenggai.portal",
    "zhenggai.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhenggai.people.middleware.SecurityHeaders",
    "zhenggai.portal.middleware.PublicSide",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhenggai.project.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "zhenggai.people.middleware.SignedIn",
    "zhenggai.people.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "zhenggai.project.urls"
ZHENGGAI_PUBLIC_ONLY = ENV.public_only
if ENV.public_only:
    # Nobody can be signed in there: no session is looked for, and no staff page exists.
    ROOT_URLCONF = "zhenggai.project.public_urls"
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "zhenggai.people.middleware.SecurityHeaders",
        "zhenggai.portal.middleware.PublicSide",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
WSGI_APPLICATION = "zhenggai.project.wsgi.application"
if ENV.secure:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
DATABASES = {"default": database_settings(ENV)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "zhenggai.web.environment.build_environment"},
    },
    {
        "NAME": "portal",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent.parent / "portal" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "zhenggai.portal.environment.build_environment", "context_processors": []},
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # With debugging on nothing is collected first, so names stay as they are.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV.debug
        else "zhenggai.project.static.HashedStaticFiles",
    },
}
STATICFILES_DIRS = [Path(__file__).parent.parent / room / "static" for room in ("web", "portal")]

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LOGIN_URL = "/sign-in/"
CSRF_FAILURE_VIEW = "zhenggai.web.errors.csrf_failure"
# Open to whoever is not signed in; everything else is closed.
ZHENGGAI_OPEN_PATHS = (LOGIN_URL, STATIC_URL, "/health/", "/language/", "/public/", "/robots.txt")
# Open to whoever must change a first password: the page for it, then the ways out.
ZHENGGAI_PASSWORD_PATHS = ("/password/", "/sign-out/")
ZHENGGAI_TRUSTED_PROXIES = ENV.trusted_proxies
# Messages that leave the platform.
MAIL = mail_settings(ENV)
ZHENGGAI_MAIL = MAIL.ready
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = MAIL.host, MAIL.port, 20
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.tls
DEFAULT_FROM_EMAIL = MAIL.sender
ZHENGGAI_URL = ENV.site_url
ZHENGGAI_CHAT_HOSTS = ENV.chat_hosts
ZHENGGAI_CHAT_TITLES = ENV.chat_titles
ZHENGGAI_MAX_UPLOAD_BYTES = ENV.max_upload_mb * 1024 * 1024
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "zhenggai.files.uploads.CappedUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the editor of a notice sends a field for each paragraph
FILE_UPLOAD_TEMP_DIR = ENV.home / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)

LOG_FOLDER = ENV.home / "logs"
LOG_FOLDER.mkdir(parents=True, exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(process)d %(name)s %(message)s"}},
    "handlers": {
        # Several processes write here, so the file is rotated from outside (docs/operations.md), never by one of them.
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": LOG_FOLDER / "zhenggai.log",
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        },
        "console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
    },
    "root": {"handlers": ["file", "console"] if ENV.debug else ["file"], "level": "INFO"},
    "loggers": {
        # Django's own handlers write to the console and send mail; ours get everything through the root.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
