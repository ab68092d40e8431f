"""The project's settings for tests: a data folder of their own, a cheap hasher, tasks run at once.

``ZHENGGAI_TEST_DATABASE=postgresql`` runs the suite on a PostgreSQL server that :mod:`tests.postgres` starts.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

_folder = Path(tempfile.mkdtemp(prefix="zhenggai-test-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("ZHENGGAI_") and "_TEST_" not in name]:
    del os.environ[_name]
os.environ["ZHENGGAI_HOME"] = str(_folder)
os.environ.pop("DATABASE_URL", None)
# The browser driver keeps an event loop in the main thread, and Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from zhenggai.project.settings import *  # noqa: E402, F403 - the environment must be set before the project reads it

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Templates compiled by an earlier run or another worker are used again while their text is the same.
_templates = Path(__file__).resolve().parent.parent / "build" / "templates"
_templates.mkdir(parents=True, exist_ok=True)
for _engine in TEMPLATES:  # noqa: F405
    _engine["OPTIONS"]["bytecode_cache"] = FileSystemBytecodeCache(str(_templates))
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405

ON_POSTGRESQL = os.environ.get("ZHENGGAI_TEST_DATABASE", "sqlite") == "postgresql"
# One server for all workers: they inherit the place from the process that starts them.
POSTGRES_FOLDER = Path(
    os.environ.setdefault("ZHENGGAI_TEST_POSTGRES_FOLDER", f"{tempfile.gettempdir()}/zg-pg-{os.getpid()}")
)
if ON_POSTGRESQL:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "zhenggai",
            "USER": "postgres",
            "HOST": str(POSTGRES_FOLDER),
        }
    }
