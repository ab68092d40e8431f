"""``zhenggai backup``: the whole record in one file.

The file is a gzipped tar: ``manifest.json`` (form, version, hashes, head of the trail), ``database`` (SQLite's own
consistent copy, or ``pg_dump``'s custom format), ``files/…``, ``snapshots/…`` (ledgers imported whole), ``packs/…`` and
``packs-kept/…`` (what the office declared).  Files and snapshots are only ever added, so copying them after the
database gives at least all that the database speaks of.  The secret key and open sessions stay behind.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhenggai.audit.models import ChainHead
from zhenggai.commands import migrate
from zhenggai.commands.errors import BackupFailed, WouldOverwrite
from zhenggai.files import store

FORM = 1
OWN_FOLDERS = ("snapshots", "packs", "packs-kept")
"""Folders of the data folder that hold what nothing else could make again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="?", metavar="文件", help="默认存入数据目录的 backups 文件夹，以时间命名")


def run(arguments: argparse.Namespace) -> int:
    """Write one backup file and say how to tell it is whole."""
    migrate.require_current()
    moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    target = Path(arguments.file or Path(settings.ZHENGGAI_HOME) / "backups" / f"zhenggai-{moment}.tar.gz")
    manifest = write_backup(target)
    print(f"已备份到 {target}（{target.stat().st_size / 1024 / 1024:.1f} MB，文件 {manifest['files']} 个）。")
    print(f"哈希值 sha256：{store.hash_of(target)}")
    print(f"操作日志链头：{manifest['trail_head']}")
    return 0


def write_backup(target: Path) -> dict[str, Any]:
    """Write a backup to *target* in one step and return its manifest.

    Raises:
        WouldOverwrite: something is there already.
        BackupFailed: the disk or the database's tools refused.
    """
    if target.exists():
        raise WouldOverwrite(place=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            database, unfinished = Path(folder) / "database", Path(folder) / "unfinished"
            # Before the copy, so that the copy surely holds the entry that is named.
            head = ChainHead.objects.filter(pk=1).first()
            copy_database(database)
            manifest = _manifest(database, f"{head.last_sequence}:{head.last_hash}" if head else "")
            with tarfile.open(unfinished, "w:gz", compresslevel=5) as archive:
                _add_bytes(archive, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
                archive.add(database, "database")
                for path in store.stored_paths():
                    archive.add(path, f"files/{path.parent.name}/{path.name}")
                for path in own_files():
                    archive.add(path, path.relative_to(settings.ZHENGGAI_HOME).as_posix())
            unfinished.chmod(0o600)
            os.replace(unfinished, target)
    except OSError as error:
        raise BackupFailed(reason=error.strerror or str(error)) from error
    return manifest


def own_files() -> Iterator[Path]:
    """Yield the snapshots of ledgers and the packs of the office, plain files only."""
    for name in OWN_FOLDERS:
        folder = Path(settings.ZHENGGAI_HOME) / name
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            parts = path.relative_to(folder).parts
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
                yield path


def copy_database(target: Path) -> None:
    """Write a consistent copy of the database while others go on working.

    Raises:
        BackupFailed: ``pg_dump`` is missing or failed.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("DELETE FROM people_signedinsession")
        copy.execute("DELETE FROM django_session")
        copy.commit()
        copy.close()
        return
    tables = [f"--exclude-table-data={name}" for name in ("people_signedinsession", "django_session")]
    run_postgres_tool("pg_dump", "--format=custom", "--no-owner", *tables, f"--file={target}")


def run_postgres_tool(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client tools on our database; the password travels in the environment.

    Raises:
        BackupFailed: it is missing or failed.
    """
    if shutil.which(program) is None:
        raise BackupFailed(reason=f"没有找到 {program}")
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {ours: str(given[theirs]) for ours, theirs in names.items() if given.get(theirs)}
    if program == "pg_restore":
        # Without a database to write to, pg_restore prints SQL instead.
        arguments = (f"--dbname={given['NAME']}", *arguments)
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(reason=(done.stderr.strip().splitlines() or [str(done.returncode)])[-1])


def _manifest(database: Path, trail_head: str) -> dict[str, Any]:
    return {
        "form": FORM,
        "made_at": timezone.now().isoformat(),
        "engine": connection.vendor,
        "database_sha256": hashlib.sha256(database.read_bytes()).hexdigest(),
        "files": sum(1 for _path in store.stored_paths()),
        "trail_head": trail_head,
    }


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
