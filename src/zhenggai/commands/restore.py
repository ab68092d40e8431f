"""``zhenggai restore``: put the record back from one backup file; what stood there before is moved aside."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhenggai.audit.queries import verify_chain
from zhenggai.commands import migrate
from zhenggai.commands.backup import FORM, OWN_FOLDERS, copy_database, run_postgres_tool
from zhenggai.commands.errors import BackupFailed, BadBackup, WouldOverwrite
from zhenggai.files import store
from zhenggai.files.queries import Condition, check_files

_NAME = r"(?!\.)[^/\\\x00]{1,200}"
_MEMBER = re.compile(
    rf"manifest\.json|database|files/[0-9a-f]{{2}}/[0-9a-f]{{62}}|(?:{'|'.join(OWN_FOLDERS)})(?:/{_NAME}){{1,8}}"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="备份文件")
    parser.add_argument("--replace", action="store_true", help="数据目录已有数据时，移到旁边保留，再恢复")


def run(arguments: argparse.Namespace) -> int:
    """Restore, bring the database to this version, and check what came back."""
    source = Path(arguments.file)
    with tempfile.TemporaryDirectory(dir=settings.ZHENGGAI_HOME, prefix=".restore-") as folder:
        manifest = unpack(source, Path(folder))
        aside = put_in_place(Path(folder), manifest, replace=arguments.replace)
    if aside is not None:
        print(f"原有数据已移到 {aside}。")
    if migrate.pending():
        migrate.apply()
    return _report(manifest)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack *source* into *folder*, checked member by member and by hash; return its manifest.

    Raises:
        BadBackup: it is not a whole backup of this program, or of another kind of database.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                if not member.isfile() or not _MEMBER.fullmatch(member.name):
                    raise BadBackup(name=source.name, reason=f"含有不应有的内容 {member.name[:80]}")
                _write_out(archive, member, folder)
        manifest = json.loads((folder / "manifest.json").read_bytes())
        stated = manifest["database_sha256"]
        form, engine = manifest["form"], manifest["engine"]
    except FileNotFoundError as error:
        raise BadBackup(name=source.name, reason="找不到该文件，或备份里缺少清单") from error
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise BadBackup(name=source.name, reason="文件不完整、已损坏，或不是备份文件") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadBackup(name=source.name, reason="备份的清单无法识别") from error
    if form != FORM:
        raise BadBackup(name=source.name, reason=f"备份格式为第 {form} 版，本程序只认第 {FORM} 版")
    if engine != connection.vendor:
        raise BadBackup(name=source.name, reason=f"备份来自 {engine}，当前数据库是 {connection.vendor}")
    database = folder / "database"
    if not database.is_file() or hashlib.sha256(database.read_bytes()).hexdigest() != stated:
        raise BadBackup(name=source.name, reason="数据库部分缺失或被改动")
    return manifest  # type: ignore[no-any-return]  # JSON; the keys read are checked above


def _write_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write the bytes of a plain file below *folder*; its name was checked, its owner and mode are not taken over."""
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.ExtractError(member.name)
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as out:
        shutil.copyfileobj(content, out)


def put_in_place(folder: Path, manifest: dict[str, Any], *, replace: bool) -> Path | None:
    """Move unpacked data to where it belongs; return where the older data went, if there was any.

    Raises:
        WouldOverwrite: there is data and *replace* is not given.
        BackupFailed: the database's tools refused.
    """
    home = Path(settings.ZHENGGAI_HOME)
    occupied = not migrate.is_empty()
    if occupied and not replace:
        raise WouldOverwrite(place=str(home))
    aside = home / f"before-restore-{timezone.localtime():%Y%m%d-%H%M%S}" if occupied else None
    if aside is not None:
        aside.mkdir()
        copy_database(aside / "database")
    if connection.vendor == "sqlite":
        _replace_sqlite(folder / "database")
    else:
        run_postgres_tool(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(folder / "database")
        )
    # Files are named by content: adding them to those that are there cannot spoil any.
    for path in sorted((folder / "files").glob("*/*")):
        target = store.path_of(path.parent.name + path.name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(path, target)
            target.chmod(0o400)
    for name in OWN_FOLDERS:
        put_own(folder / name, home / name, aside / name if aside else None)
    return aside


def put_own(source: Path, place: Path, aside: Path | None) -> None:
    """Put the files below *source* in the place of those that stand there; snapshots, which never change, are only added."""
    if place.is_dir() and aside is not None and place.name != "snapshots":
        shutil.move(place, aside)
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        target = place / path.relative_to(source)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(path, target)


def _replace_sqlite(source: Path) -> None:
    place = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    try:
        for leftover in (place.with_name(place.name + ending) for ending in ("-wal", "-shm")):
            leftover.unlink(missing_ok=True)
        source.replace(place)
    except OSError as error:
        raise BackupFailed(reason=error.strerror or str(error)) from error


def _report(manifest: dict[str, Any]) -> int:
    noted, _colon, digest = str(manifest.get("trail_head", "")).partition(":")
    trail = verify_chain(anchor=(int(noted), digest) if noted.isdecimal() and int(noted) else None)
    damaged = [checked for checked in check_files() if checked.condition in {Condition.MISSING, Condition.ALTERED}]
    print(f"已恢复：操作日志 {trail.checked} 条，文件 {manifest.get('files', 0)} 个。")
    for found in trail.breaks:
        print(f"  {found.in_words()}")
    for checked in damaged:
        print(f"  文件缺失或被改动：{checked.name}（{checked.sha256}）")
    if trail.holds and not damaged:
        print("操作日志和文件均已核对，完整无缺。")
        return 0
    return 1
