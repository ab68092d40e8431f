"""The project's own settings for a process that is killed, but that tasks run at once."""

import os

from zhenggai.project.settings import *  # noqa: F403 - the settings of a real server

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
if os.environ.get("ZHENGGAI_KILLED_DATABASE"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["ZHENGGAI_KILLED_DATABASE"],
            "USER": "postgres",
            "HOST": os.environ["ZHENGGAI_KILLED_HOST"],
        }
    }
