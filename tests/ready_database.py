"""A database in which all migrations have run, made once, from which each worker's test database is a copy.

Django still looks for migrations that wait, so that a copy can never be behind.  SQLite's is a file that later runs use
again while the migrations stay what they are; PostgreSQL's lives as long as the server of the run.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

_FOLDER = Path(__file__).resolve().parent.parent / "build" / "databases"
_KEPT = 5


@contextmanager
def ready_for_copies(place: Path) -> Iterator[None]:
    """Let Django's test database begin as a copy, for as long as the block lasts.

    Args:
        place: a folder that all workers of the run share.
    """
    if connection.vendor == "postgresql":
        name = "zhenggai_ready"
        with _alone(place / "ready.lock"):
            if not _exists(name):
                _make(name)
        connection.settings_dict["TEST"]["TEMPLATE"] = name
        yield
        return
    # The database in memory lives as long as one connection to it is open.
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as memory:  # type: ignore[attr-defined]  # Django's own door
        with closing(sqlite3.connect(_ready_file())) as ready:
            ready.backup(memory)
        yield


def put_ready_file(path: Path) -> None:
    """Begin the SQLite database *path*, of a process that a test starts, as a copy too."""
    shutil.copyfile(_ready_file(), path)


def _ready_file() -> Path:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    path = _FOLDER / f"{_digest()}.sqlite3"
    with _alone(_FOLDER / "ready.lock"):
        if not path.exists():
            half = path.with_suffix(".half")
            half.unlink(missing_ok=True)
            _migrate(str(half))
            half.rename(path)
            for old in sorted(_FOLDER.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
                old.unlink()
    return path


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest() -> str:
    """Return what tells whether a kept file is still what the migrations would make."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    loader = MigrationLoader(None)
    for key, migration in sorted(loader.disk_migrations.items()):
        source = Path(str(sys.modules[type(migration).__module__].__file__))
        digest.update(f"{key}".encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as above
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _make(name: str) -> None:
    half = f"{name}_half"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as above
        cursor.execute(f"CREATE DATABASE {half}")
    _migrate(half)
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as above
        cursor.execute(f"ALTER DATABASE {half} RENAME TO {name}")


def _migrate(name: str) -> None:
    before, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = {**settings, "NAME": name}
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connections["default"].close()
        connections["default"], connections.settings["default"] = before, settings
