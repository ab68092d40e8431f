"""The migrated database, made once and copied: by every worker of a run, and on SQLite by later runs as well.

Migrating takes longer than most files of tests.  A copy is named after all that its form depends on, so it is never stale.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core import management
from django.db import connection
from django.db.utils import OperationalError

FOLDER = Path(__file__).resolve().parent.parent / "build" / "databases"
TEMPLATE = "zhenggai_migrated"


def use_copies() -> None:
    """Let the next test database be a copy of a migrated one, which is made if there is none."""
    if connection.vendor == "postgresql":
        _make_template()
        connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
    migrate = management.call_command

    def copied(name: str, *arguments: Any, **options: Any) -> Any:
        if name != "migrate":
            return migrate(name, *arguments, **options)
        management.call_command = migrate
        if connection.vendor == "sqlite":
            return _fill(lambda: migrate(name, *arguments, **options))
        return None

    management.call_command = copied


def _fill(migrate: Any) -> None:
    """Put the kept copy into the open database of SQLite; migrate it and keep a copy where there is none."""
    kept = FOLDER / f"{_print()}.sqlite3"
    connection.ensure_connection()
    if kept.exists():
        with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as source:
            source.backup(connection.connection)
        source.close()
        return
    migrate()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    part = kept.with_suffix(f".{os.getpid()}.part")
    with sqlite3.connect(part) as target:
        connection.connection.backup(target)
    target.close()
    part.replace(kept)


def _make_template() -> None:
    """Make the database on PostgreSQL from which those of all workers are copied, once for the server."""
    with _alone():
        own = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = TEMPLATE
        try:
            connection.ensure_connection()
        except OperationalError:
            with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # Django's own, as its test databases use it
                cursor.execute(f"CREATE DATABASE {TEMPLATE}")
            management.call_command("migrate", verbosity=0, interactive=False)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own


@contextmanager
def _alone() -> Iterator[None]:
    with (Path(settings.POSTGRES_FOLDER) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _print() -> str:
    """Return what the form of a migrated database depends on, as a short text."""
    found = hashlib.blake2b(f"{django.get_version()} {sqlite3.sqlite_version}".encode(), digest_size=12)
    for config in sorted(apps.get_app_configs(), key=lambda each: each.label):
        if config.name.startswith("zhenggai."):
            folder = Path(config.path)
            for path in sorted(
                [*folder.glob("migrations/*.py"), *folder.glob("guards*.py"), *folder.glob("search*.py")]
            ):
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
